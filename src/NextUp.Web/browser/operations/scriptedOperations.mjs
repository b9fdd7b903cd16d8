/* An installation as operators see it, with a past, whose orders are carried out: for tests and pictures. */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../../../NextUp.Server/Pages/dist/', import.meta.url));
const policy =
  "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; img-src 'self' data:";
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const hourMs = 3_600_000;

export class ScriptedOperations {
  constructor() {
    this.roles = new Map([
      ['token-of-olga', ['olga', 'operator']],
      ['token-of-adam', ['adam', 'administrator']],
      ['token-of-una', ['una', 'user']],
    ]);
    this.pauses = [];
    this.slots = { now: 6, by: null, at: null };
    this.slotsOfSettings = 6;
    this.problems = [];
    this.faults = [];
    this.audit = [];
    this.orders = [];
    this.asked = [];
    this.refusal = null;
    this.isEmpty = false;
    this.jobs = caredJobs();
  }

  async start() {
    this.http = createServer((request, response) => {
      this.route(request, response).catch((error) => {
        console.error(error);
        response.destroy();
      });
    });
    await new Promise((resolve) => this.http.listen(this.port ?? 0, '127.0.0.1', resolve));
    this.port = this.http.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
  }

  async stop() {
    const closed = new Promise((resolve) => this.http.close(resolve));
    this.http.closeAllConnections();
    await closed;
  }

  async route(request, response) {
    const url = new URL(request.url, this.url);
    if (!url.pathname.startsWith('/api/v1/')) return page(url, response);
    const who = this.identify(request);
    if (who === null) return problem(response, 401, 'unauthorized', 'The token is not valid.');
    const path = url.pathname.slice('/api/v1/'.length);
    if (path === 'me') return json(response, 200, meView(who));
    const [, role] = who;
    const needed = /config|audit/.test(path) ? ['administrator'] : ['administrator', 'operator'];
    if (!needed.includes(role)) return problem(response, 403, 'forbidden', `This takes the role ${needed.at(-1)}.`);
    this.asked.push(`${request.method} ${path}`);
    const name = path.slice('operations/'.length);
    if (request.method === 'POST') return this.order(response, name, await body(request), who);
    const view = name.startsWith('jobs/') ? this.evidence(name.slice(5), role) : this.views()[name]?.(url.searchParams);
    return view === undefined ? problem(response, 404, 'not-found', 'There is nothing here.') : json(response, 200, view);
  }

  identify(request) {
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1];
    return token === undefined ? [null, 'user'] : (this.roles.get(token) ?? null);
  }

  order(response, name, order, [by, role]) {
    if (this.refusal !== null) return problem(response, 503, 'store-unavailable', this.refusal);
    this.orders.push([name, order]);
    const target = `/api/v1/operations/${name}`;
    const what = { action: `POST ${target}`, target, outcome: 200, address: '::1', note: order.reason ?? null };
    this.audit.unshift({ id: `a${this.audit.length}`, at: now(), actor: by, role, ...what });
    if (name.startsWith('jobs/')) return this.care(response, ...name.slice(5).split('/'));
    const isSame = (pause) => pause.scope === order.scope && pause.kind === order.kind && pause.user === order.user;
    switch (name) {
      case 'pause':
        this.pauses = [...this.pauses.filter((one) => !isSame(one)), { ...order, by, at: now() }];
        return json(response, 200, this.steering());
      case 'resume':
        this.pauses = this.pauses.filter((one) => !isSame(one));
        return json(response, 200, this.steering());
      case 'slots':
        this.slots = order.slots === null ? { now: this.slotsOfSettings, by: null, at: null } : { now: order.slots, by, at: now() };
        return json(response, 200, this.steering());
      case 'config/reload':
        if (this.faults.length > 0) return refuse(response, this.faults);
        return json(response, 200, { changed: [setting('queue.slots', '8', 'nextup.json', true)], atRestart: [] });
    }
    return problem(response, 404, 'not-found', 'There is nothing here.');
  }

  care(response, id, care) {
    const job = this.jobs.find((one) => one.id === id);
    if (job === undefined) return problem(response, 404, 'job-not-found', `There is no job ${id}.`);
    const changes = {
      retry: { state: 'pending', isHeld: true, endedAt: null, setAsideAt: null },
      cancel: { state: 'cancelled', endedAt: now(), cause: 'Cancelled by an operator' },
      'set-aside': { setAsideAt: now() },
      discard: { setAsideAt: null },
    };
    return json(response, 200, Object.assign(job, changes[care]));
  }

  evidence(id, role) {
    const job = this.jobs.find((one) => one.id === id);
    if (job === undefined) return undefined;
    const event = (seconds, type, attempt, cause = null) => ({ at: later(seconds), type, attempt, cause });
    const history = [
      event(-900, 'queued', 0),
      event(-880, 'started', 1),
      event(-640, 'retrying', 1, job.cause),
      event(-600, 'started', 2),
      event(-360, job.state, 2, job.cause),
    ];
    const isAdministrator = role === 'administrator';
    const lastLines = isAdministrator ? ['[118/140] ✓ found at Crossref', '[119/140] ✗ not found'] : null;
    return { job, history, error: isAdministrator ? job.cause : null, lastLines };
  }

  listing(query) {
    const isInState = (job) => !query.has('state') || job.state === query.get('state');
    const isWanted = (job) => (query.has('setAside') ? job.setAsideAt !== null : isInState(job));
    const from = Number(query.get('after') ?? 0);
    const jobs = this.jobs.filter(isWanted);
    return { jobs: jobs.slice(from, from + 50), next: jobs.length > from + 50 ? String(from + 50) : null };
  }

  steering() {
    return {
      isPaused: this.pauses.some((pause) => pause.scope === 'queue'),
      pauses: this.pauses,
      slots: this.slots.now,
      slotsSetBy: this.slots.by,
      slotsSetAt: this.slots.at,
    };
  }

  views() {
    return {
      overview: () => this.overview(),
      steering: () => this.steering(),
      statistics: (query) => statistics(query, this.isEmpty),
      failures: () => ({ from: now(), to: now(), causes: this.isEmpty ? [] : causes() }),
      users: () => ({ from: now(), to: now(), users: this.isEmpty ? [] : users() }),
      estimates: () => ({ kinds: this.isEmpty ? [] : estimates(), p90Meant: 0.9, errorFloorSeconds: 10 }),
      config: () => ({ settings: settings() }),
      jobs: (query) => (this.isEmpty ? { jobs: [], next: null } : this.listing(query)),
      sweeps: () => ({ sweeps: this.isEmpty ? [] : sweeps() }),
      audit: () => ({ entries: this.audit, next: null }),
    };
  }

  overview() {
    const running = this.isEmpty ? [] : runningJobs();
    return {
      at: now(),
      queue: {
        slots: this.slots.now,
        running: running.length,
        waiting: this.isEmpty ? 0 : 38,
        held: this.isEmpty ? 0 : 7,
        delayed: this.isEmpty ? 0 : 2,
        completedLastHour: this.isEmpty ? 0 : 412,
        paused: this.steering().isPaused,
        pausedReason: null,
        machine: { cpuPercent: 61.4, memoryPercent: 43.2, memoryAvailableGb: 8.9 },
      },
      oldestWaitSeconds: this.isEmpty ? null : 194,
      kinds: this.isEmpty ? [] : [kindLoad('bibtex', 40, 3, 18_204), kindLoad('exams', 9, 2, 733)],
      running,
      store: {
        answers: true,
        commits: 91_402,
        writes: 288_116,
        failedCommits: 0,
        waitingWrites: 1,
        commitTime: durations(1024, 0.0031, 0.0094, 0.021),
        databaseBytes: 183_500_800,
        logBytes: 4_194_304,
      },
      disk: { freeBytes: 72 * 1024 ** 3, sizeBytes: 252 * 1024 ** 3 },
      liveConnections: 23,
      problems: this.problems,
    };
  }
}

function meView([name, role]) {
  const user = { kind: name === null ? 'visitor' : 'account', name };
  return { user, role, isAdministrator: role === 'administrator', active: [], lastEvent: 0 };
}

function runningJobs() {
  const steps = ['Looking up entries 120 to 140', 'analysis', 'pages', 'Looking up entries 1 to 20', 'finalizing'];
  return steps.map((step, index) => ({
    id: `01a202a4-dc03-7a76-ae1d-5865972e5c${60 + index}`,
    kind: index % 2 === 0 ? 'bibtex' : 'exams',
    user: `12d75659430${index}`,
    account: ['ann', 'library-import', null, 'carlo', null][index],
    attempt: index === 1 ? 2 : 1,
    startedAt: now(),
    elapsedSeconds: [214.2, 88, 41.7, 12.3, 2.1][index],
    deadline: later(600 - [214, 88, 41, 12, 2][index]),
    percent: [71, 40, 33, 8, 0][index],
    step,
  }));
}

function caredJobs() {
  const crash = 'The worker was lost while it worked on the job.';
  const job = (index, state, more = {}) => ({
    id: `01a202a4-dc03-7a76-ae1d-5865972e${String(7000 + index)}`,
    kind: index % 3 === 0 ? 'exams' : 'bibtex',
    user: '12d756594301',
    account: index % 2 === 0 ? 'ann' : null,
    state,
    isHeld: false,
    fileSize: 48_200 + index,
    priority: 0,
    attempt: 1,
    failures: 0,
    crashes: 0,
    acceptedAt: later(-900 - index * 60),
    startedAt: later(-600),
    endedAt: state === 'pending' || state === 'processing' ? null : later(-300 - index * 60),
    deadline: null,
    notBefore: null,
    setAsideAt: null,
    percent: state === 'completed' ? 100 : 40,
    step: 'Looking up entries 1 to 20',
    cause: state === 'failed' ? 'Crossref cannot be reached: N attempts failed with "connection refused".' : null,
    ...more,
  });
  return [
    job(0, 'failed', { setAsideAt: later(-290), attempt: 3, failures: 3, crashes: 3, cause: crash }),
    job(1, 'processing', { percent: 71 }),
    job(2, 'pending'),
    job(3, 'failed', { attempt: 3, failures: 3 }),
    ...Array.from({ length: 60 }, (_, index) => job(10 + index, 'completed')),
  ];
}

function sweeps() {
  const quiet = { seconds: 0.012, dryRun: false, periodic: true, failed: 0, letIn: 0, deleted: 0, fault: null };
  const sweep = (seconds, more = {}) => ({ ...quiet, at: later(seconds), ...more });
  return [
    sweep(-120),
    sweep(-420, { failed: 1 }),
    sweep(-700, { periodic: false, dryRun: true }),
    sweep(-720, { deleted: 1204, seconds: 2.4 }),
  ];
}

function kindLoad(kind, unfinished, running, completed) {
  return { kind, unfinished, running, total: figures(completed, Math.round(completed / 80)) };
}

function figures(completed, failed, wait = 40, service = 9) {
  const cancelled = Math.round(completed / 60);
  return {
    accepted: completed + failed + cancelled,
    started: completed + failed * 3,
    completed,
    failed,
    cancelled,
    retried: failed * 2,
    wait: durations(completed, wait, wait * 3.2, wait * 5),
    service: durations(completed, service, service * 2.4, service * 4),
  };
}

function durations(count, p50, p90, p99) {
  const isKnown = count > 0;
  return { count, meanSeconds: p50, p50Seconds: isKnown ? p50 : null, p90Seconds: isKnown ? p90 : null, p99Seconds: isKnown ? p99 : null };
}

/** A working day: quiet nights, a rise in the morning, a peak after lunch; weekends are half. */
function busy(at) {
  const hour = at.getUTCHours();
  const day = Math.max(0, Math.sin(((hour - 6) / 15) * Math.PI)) ** 1.5 + (hour === 14 ? 0.35 : 0);
  const ripple = 1 + 0.25 * Math.sin(at.getTime() / hourMs / 1.7);
  return Math.max(0, day * ripple * ([0, 6].includes(at.getUTCDay()) ? 0.4 : 1));
}

function statistics(query, isEmpty) {
  const by = query.get('by');
  const unit = by === 'hour' ? hourMs : 24 * hourMs;
  const from = new Date(query.get('from'));
  const periods = [];
  for (let at = from.getTime(); at < Date.now() && !isEmpty; at += unit) {
    const load = by === 'hour' ? busy(new Date(at)) : busy(new Date(at + 14 * hourMs));
    const many = Math.round(load * (by === 'hour' ? 60 : 400));
    const start = new Date(at).toISOString();
    for (const [kind, share, service] of [['bibtex', 1, 9], ['exams', 0.2, 55]]) {
      if (query.get('kind') !== null && query.get('kind') !== kind) continue;
      const completed = Math.round(many * share);
      const told = figures(completed, Math.round(completed / 25), 5 + load * 60, service);
      if (completed > 0) periods.push({ start, period: by, kind, figures: told });
    }
  }
  const weekHours = Array.from({ length: 168 }, (_, hour) => (isEmpty ? 0 : Math.round(busy(new Date(Date.UTC(2026, 4, 4, hour))) * 240)));
  const seen = [...new Set(periods.map(({ kind }) => kind))];
  const kinds = seen.map((kind) => ({ kind, figures: figures(kind === 'bibtex' ? 731 : 146, 22) }));
  return { from: from.toISOString(), to: now(), by, total: figures(isEmpty ? 0 : 877, 35), kinds, periods, weekHours };
}

function causes() {
  const job = (index) => `01a202a4-dc03-7a76-ae1d-5865972e5c${index}`;
  return [
    {
      kind: 'bibtex',
      cause: 'Crossref cannot be reached: N attempts failed with "connection refused".',
      failed: 21,
      retried: 63,
      lastAt: later(-130),
      jobs: [job(60), job(61), job(62)],
    },
    {
      kind: 'exams',
      cause: 'Page N of the PDF holds no text; it is a scan.',
      failed: 9,
      retried: 0,
      lastAt: later(-7300),
      jobs: [job(63)],
    },
    { kind: 'bibtex', cause: null, failed: 2, retried: 1, lastAt: later(-200_000), jobs: [job(64), job(65)] },
  ];
}

function users() {
  const names = ['library-import', 'ann', null, 'carlo', 'dimitri', null];
  return names.map((account, index) => ({
    user: `12d75659430${index}`,
    account,
    accepted: 420 >> index,
    completed: 400 >> index,
    failed: 12 >> index,
    cancelled: 8 >> index,
    processingSeconds: 5200 / (index + 1) ** 2,
  }));
}

function estimates() {
  const hits = (share, error) => ({ count: 9120, withinP90: 0.914, recentCount: 500, recentWithinP90: share, recentMedianError: error });
  return [
    { kind: 'bibtex', samples: 500, atSubmission: hits(0.922, 0.14), whileWaiting: hits(0.931, 0.11) },
    { kind: 'exams', samples: 212, atSubmission: hits(0.79, 0.31), whileWaiting: hits(0.868, 0.2) },
  ];
}

function setting(key, value, source, reloads) {
  return { key, value, source, reloads };
}

function settings() {
  return [
    setting('queue.slots', '6', 'nextup.json', true),
    setting('server.urls', '"http://127.0.0.1:8080"', '--urls', false),
    setting('bibtex.providers', '["catalogue", "crossref", "openalex"]', 'nextup.json', true),
    setting('kinds.bibtex.attemptsMax', '3', 'default', true),
    setting('kinds.bibtex.retryDelay', '"5s"', 'default', true),
  ];
}

function now() {
  return new Date().toISOString();
}

function later(seconds) {
  return new Date(Date.now() + seconds * 1000).toISOString();
}

async function page(url, response) {
  const name = url.pathname === '/operations' ? 'operations.html' : extname(url.pathname) === '' ? 'index.html' : url.pathname;
  const path = normalize(join(dist, name));
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('Content-Type', types[extname(path)] ?? 'application/octet-stream');
  response.end(await readFile(path));
}

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function json(response, status, value, type = 'application/json') {
  response.writeHead(status, { 'Content-Type': type });
  response.end(JSON.stringify(value));
}

function problem(response, status, code, detail, more = {}) {
  const document = { type: `urn:nextup:problem:${code}`, title: code, status, detail, code, ...more };
  json(response, status, document, 'application/problem+json');
}

function refuse(response, faults) {
  const told = faults.map((text) => ({ key: 'queue.slots', value: '0', source: 'nextup.json', sentence: text, text }));
  problem(response, 422, 'settings-refused', `Nothing was changed. ${faults[0]}`, { faults: told });
}
