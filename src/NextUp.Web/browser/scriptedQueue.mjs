/* The queue as the page sees it, moved by hand: nothing happens until a test says so. It keeps to the API's contract
   (states, numbers of events, what is answered when), so that the page cannot tell it from the real one. */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';

const ended = new Set(['completed', 'failed', 'cancelled']);

export class ScriptedQueue {
  constructor() {
    this.jobs = new Map();
    this.events = new Map();
    this.files = new Map();
    this.logs = new Map();
    this.keys = new Map();
    this.others = { waiting: 0, running: 1 };
    this.slots = 2;
    this.paused = false;
    this.wait = null;
    this.overtaken = null;
    this.estimateUnknown = null;
    this.completedLastHour = 12;
    this.news = new EventEmitter().setMaxListeners(0);
    this.clock = Date.now() - 60_000;
  }

  /** Takes a file as the server would: a job, or the job in the way. */
  submit(user, { fileName, content, whenBusy, key, options, priority = 0, notBefore = null }) {
    const known = key === undefined ? undefined : this.keys.get(`${user} ${key}`);
    if (known !== undefined) return { job: this.jobs.get(known), isRepeat: true };

    const inTheWay = this.activeOf(user)[0];
    if (inTheWay !== undefined && whenBusy === 'refuse') return { existing: inTheWay };
    const waiting = this.activeOf(user).find((job) => job.state === 'pending');
    if (whenBusy === 'replace' && waiting !== undefined) this.cancel(waiting.id);

    const job = this.newJob(user, fileName, content);
    job.isHeld = this.activeOf(user).length > 0;
    job.waitsFor = job.isHeld ? `your job "${this.activeOf(user)[0].fileName}" to end` : null;
    job.waitsForJob = job.isHeld ? this.activeOf(user)[0].id : null;
    Object.assign(job, { options, priority, notBefore });
    this.jobs.set(job.id, job);
    if (key !== undefined) this.keys.set(`${user} ${key}`, job.id);
    this.tell(job, job.isHeld ? 'held' : 'queued');
    return { job, isRepeat: false };
  }

  newJob(user, fileName, content) {
    const id = randomUUID();
    const totalEntries = (content.match(/^@\w+\{/gm) ?? []).length;
    this.files.set(id, content);
    this.logs.set(id, []);
    return {
      id,
      user,
      fileName,
      fileSize: Buffer.byteLength(content),
      kind: 'bibtex',
      state: 'pending',
      isHeld: false,
      waitsFor: null,
      totalEntries,
      waitsForJob: null,
      progress: { percent: 0, done: 0, total: totalEntries, failed: 0, step: 'queued' },
      attempt: 0,
      attemptsMax: 3,
      acceptedAt: this.time(),
      startedAt: null,
      endedAt: null,
      nextAttemptAt: null,
      error: null,
      summary: null,
    };
  }

  activeOf(user) {
    return [...this.jobs.values()].filter((job) => job.user === user && !ended.has(job.state));
  }

  find(fileName) {
    return [...this.jobs.values()].findLast((job) => job.fileName === fileName);
  }

  setOthersAhead(count) {
    this.others.waiting = count;
    const users = new Set([...this.jobs.values()].map((job) => job.user));
    for (const user of users) {
      const jobs = this.activeOf(user).filter((job) => job.state === 'pending' && !job.isHeld);
      if (jobs.length > 0) this.news.emit(user, 'position', { jobs: jobs.map((job) => this.placeOf(job)) });
    }
    this.tellQueue();
  }

  tellQueue() {
    this.news.emit('queue', this.view());
  }

  start(fileName) {
    const job = this.find(fileName);
    Object.assign(job, { state: 'processing', startedAt: this.time(), attempt: job.attempt + 1 });
    job.progress.step = 'looking up entries';
    this.tell(job, 'started');
  }

  advance(fileName, done, text) {
    const job = this.find(fileName);
    const lines = this.logs.get(job.id);
    const first = lines.length;
    while (job.progress.done < done) {
      job.progress.done++;
      const words = text ?? `[${job.progress.done}/${job.totalEntries}] ✓ Entry ${job.progress.done}`;
      lines.push({ number: lines.length + 1, at: this.time(), text: words });
    }
    job.progress.percent = Math.round((100 * job.progress.done) / Math.max(1, job.totalEntries));
    this.news.emit(job.user, 'progress', { job: this.viewJob(job), lines: lines.slice(first) });
  }

  complete(fileName, findings) {
    const job = this.find(fileName);
    const fieldsAdded = findings.entries.reduce((sum, entry) => sum + entry.added.length, 0);
    const count = (outcome) => findings.entries.filter((entry) => entry.outcome === outcome).length;
    job.findings = findings;
    job.summary = {
      totalEntries: job.totalEntries,
      enrichedEntries: findings.entries.filter((entry) => entry.added.length > 0).length,
      fieldsAdded,
      notFound: count('not-found'),
      ambiguous: count('ambiguous'),
      byField: findings.byField,
    };
    Object.assign(job.progress, { percent: 100, done: job.totalEntries, step: 'done' });
    this.end(job, 'completed', null);
  }

  fail(fileName, error) {
    this.end(this.find(fileName), 'failed', error);
  }

  /** @returns whether it could be cancelled. */
  cancel(id) {
    const job = this.jobs.get(id);
    if (ended.has(job.state)) return false;
    this.end(job, 'cancelled', 'Cancelled by user');
    return true;
  }

  end(job, state, error) {
    Object.assign(job, { state, error, endedAt: this.time(), isHeld: false, waitsFor: null, waitsForJob: null });
    this.tell(job, state, error);
    const held = this.activeOf(job.user).find((one) => one.isHeld);
    if (held === undefined) return;
    Object.assign(held, { isHeld: false, waitsFor: null, waitsForJob: null });
    this.tell(held, 'queued');
  }

  tell(job, type, reason = null) {
    const events = this.eventsOf(job.user);
    const event = { number: events.length + 1, type, at: this.time(), reason, job: this.viewJob(job) };
    events.push(event);
    this.news.emit(job.user, 'job', event);
    this.tellQueue();
  }

  eventsOf(user) {
    if (!this.events.has(user)) this.events.set(user, []);
    return this.events.get(user);
  }

  time() {
    this.clock += 250;
    return new Date(this.clock).toISOString();
  }

  positionOf(job) {
    if (job.state !== 'pending' || job.isHeld || job.notBefore !== null || job.nextAttemptAt !== null) return null;
    const own = this.activeOf(job.user).filter((one) => one.state === 'pending' && !one.isHeld);
    return this.others.waiting + own.indexOf(job) + 1;
  }

  placeOf(job) {
    const position = this.positionOf(job);
    const { overtaken, estimateUnknown } = this;
    const waits = { id: job.id, wait: this.waits(job), overtaken, estimateUnknown };
    if (position === null) return { ...waits, position: null, jobsAhead: null, estimate: null };
    const [p50Seconds, p90Seconds] = [position * 40 - 35, position * 90 - 50];
    const at = (seconds) => new Date(this.clock + seconds * 1000).toISOString();
    const estimate = { p50: at(p50Seconds), p90: at(p90Seconds), p50Seconds, p90Seconds };
    const isKnown = this.estimateUnknown === null && waits.wait === null;
    return { ...waits, position, jobsAhead: position - 1, estimate: isKnown ? estimate : null };
  }

  waits(job) {
    return job.state === 'pending' && !job.isHeld ? this.wait : null;
  }

  /** Changes why everyone waits: `wait`, `overtaken`, `estimateUnknown`. */
  setReasons(reasons) {
    Object.assign(this, reasons);
    this.setOthersAhead(this.others.waiting);
  }

  /** An attempt failed, and another one is made later. */
  retryLater(fileName, error, at) {
    const job = this.find(fileName);
    Object.assign(job, { state: 'pending', error, nextAttemptAt: at.toISOString() });
    this.tell(job, 'retrying', error);
  }

  viewJob(job) {
    const { user, findings, totalEntries, options, ...visible } = job;
    const self = `/api/v1/jobs/${job.id}`;
    const done = job.state === 'completed';
    return {
      ...structuredClone(visible),
      ...this.placeOf(job),
      canCancel: !ended.has(job.state),
      links: {
        self,
        cancel: `${self}/cancel`,
        original: `${self}/original`,
        log: `${self}/log`,
        result: done ? `${self}/result` : null,
        report: done ? `${self}/report` : null,
        diff: done ? `${self}/diff` : null,
      },
    };
  }

  view() {
    const all = [...this.jobs.values()];
    return {
      slots: this.slots,
      running: this.others.running + all.filter((job) => job.state === 'processing').length,
      waiting: this.others.waiting + all.filter((job) => job.state === 'pending' && !job.isHeld).length,
      held: all.filter((job) => job.isHeld).length,
      completedLastHour: this.completedLastHour,
      paused: this.paused,
      pausedReason: this.paused ? 'Paused by the operator.' : null,
      machine: { cpuPercent: 45.2, memoryPercent: 68.5, memoryAvailableGb: 8.42 },
    };
  }
}
