/* An installation as operators see it, with a past, whose orders are carried out: for tests and pictures. */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  caredJobs,
  causes,
  durations,
  estimates,
  kindLoad,
  later,
  now,
  runningJobs,
  setting,
  settings,
  statistics,
  sweeps,
  users,
  workers,
} from './installation.mjs';

const dist = fileURLToPath(new URL('../../../NextUp.Server/Pages/dist/', import.meta.url));
const policy =
  "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; img-src 'self' data:";
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

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
    const needed = /config|audit|cleanup/.test(path) ? ['administrator'] : ['administrator', 'operator'];
    if (!needed.includes(role)) return problem(response, 403, 'forbidden', `This takes the role ${needed.at(-1)}.`);
    this.asked.push(`${request.method} ${path}`);
    const name = path.slice('operations/'.length);
    if (path === 'cleanup') return this.sweep(response, url.searchParams.get('dryRun') === 'true');
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
    const on = ['pause', 'resume'].includes(name) ? (order.kind ?? order.user ?? order.scope) : target;
    const what = { action: `POST ${target}`, target: on, outcome: 200, address: '::1', note: order.reason ?? null };
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

  sweep(response, dryRun) {
    if (!dryRun) this.orders.push(['sweep', {}]);
    const reason = 'It has been processing for 14 minutes; one attempt may take 10.';
    const touched = [{ job: this.jobs[0].id, action: 'fail', reason }];
    const counts = { total: 18_937, active: 47, completed: 18_204, failed: 640, cancelled: 46 };
    return json(response, 200, { dryRun, ...counts, touchedCount: touched.length, touched });
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
      workers: () => ({ workers: this.isEmpty ? [] : workers(), count: this.isEmpty ? 0 : workers().length }),
      audit: (query) => {
        const from = Number(query.get('after') ?? 0);
        const next = this.audit.length > from + 50 ? String(from + 50) : null;
        return { entries: this.audit.slice(from, from + 50), next };
      },
    };
  }

  overview() {
    const running = this.isEmpty ? [] : runningJobs();
    return {
      at: now(),
      queue: {
        slots: this.slots.now,
        running: running.length,
        runningElsewhere: this.isEmpty ? 0 : 2,
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
