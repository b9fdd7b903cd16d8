/* The operators' answers, read and checked once, here. */
import { Fields } from '../json';
import type * as model from './model';

export function readOperator(value: unknown): model.Operator {
  const me = Fields.of(value, 'me');
  const role = me.textOr('role', 'user');
  const isAdministrator = role === 'administrator';
  return {
    name: me.child('user').textOr('name', 'a visitor'),
    role,
    isOperator: isAdministrator || role === 'operator',
    isAdministrator,
    signInPath: me.childOrNull('signIn')?.textOrNull('path') ?? null,
  };
}

export function readOverview(value: unknown): model.Overview {
  const overview = Fields.of(value, 'overview');
  const disk = overview.child('disk');
  return {
    at: overview.date('at'),
    queue: readQueue(overview.child('queue')),
    oldestWait: overview.numberOrNull('oldestWaitSeconds'),
    kinds: overview.children('kinds', readKindLoad),
    running: overview.children('running', readRunning),
    store: readStore(overview.child('store')),
    diskFreeBytes: disk.number('freeBytes'),
    diskSizeBytes: disk.number('sizeBytes'),
    liveConnections: overview.number('liveConnections'),
    problems: overview.texts('problems'),
  };
}

function readQueue(queue: Fields): model.QueueCounts {
  const machine = queue.child('machine');
  return {
    slots: queue.number('slots'),
    running: queue.number('running'),
    waiting: queue.number('waiting'),
    held: queue.number('held'),
    delayed: queue.number('delayed'),
    runningElsewhere: queue.numberOr('runningElsewhere', 0),
    completedLastHour: queue.number('completedLastHour'),
    paused: queue.flag('paused'),
    cpuPercent: machine.number('cpuPercent'),
    memoryPercent: machine.number('memoryPercent'),
    memoryAvailableGb: machine.number('memoryAvailableGb'),
  };
}

function readKindLoad(load: Fields): model.KindLoad {
  return {
    kind: load.text('kind'),
    unfinished: load.number('unfinished'),
    running: load.number('running'),
    total: readFigures(load.child('total')),
  };
}

function readRunning(job: Fields): model.RunningJob {
  return {
    id: job.text('id'),
    kind: job.text('kind'),
    user: job.text('user'),
    account: job.textOrNull('account'),
    attempt: job.number('attempt'),
    elapsed: job.number('elapsedSeconds'),
    deadline: job.dateOrNull('deadline'),
    percent: job.number('percent'),
    step: job.text('step'),
  };
}

function readStore(store: Fields): model.StoreState {
  return {
    answers: store.flag('answers'),
    commits: store.number('commits'),
    writes: store.number('writes'),
    failedCommits: store.number('failedCommits'),
    waitingWrites: store.number('waitingWrites'),
    commitTime: readDurations(store.child('commitTime')),
    databaseBytes: store.number('databaseBytes'),
    logBytes: store.number('logBytes'),
  };
}

export function readSteering(value: unknown): model.Steering {
  const steering = Fields.of(value, 'steering');
  return {
    pauses: steering.children('pauses', readPause),
    slots: steering.number('slots'),
    slotsSetBy: steering.textOrNull('slotsSetBy'),
    slotsSetAt: steering.dateOrNull('slotsSetAt'),
  };
}

function readPause(pause: Fields): model.Pause {
  return {
    target: readTarget(pause),
    reason: pause.textOrNull('reason'),
    by: pause.text('by'),
    at: pause.date('at'),
  };
}

function readTarget(pause: Fields): model.Target {
  const scope = pause.oneOf('scope', ['queue', 'kind', 'user']);
  if (scope === 'kind') return { scope, kind: pause.text('kind') };
  return scope === 'user' ? { scope, user: pause.text('user') } : { scope };
}

export function readStatistics(value: unknown): model.Statistics {
  const statistics = Fields.of(value, 'statistics');
  return {
    from: statistics.date('from'),
    to: statistics.date('to'),
    by: statistics.oneOf('by', ['hour', 'day']),
    total: readFigures(statistics.child('total')),
    kinds: statistics.children('kinds', readKindFigures),
    periods: statistics.children('periods', (period) => ({ ...readKindFigures(period), start: period.date('start') })),
    weekHours: statistics.list('weekHours', Number),
  };
}

function readKindFigures(kind: Fields): model.KindFigures {
  return { kind: kind.text('kind'), figures: readFigures(kind.child('figures')) };
}

function readFigures(figures: Fields): model.Figures {
  return {
    accepted: figures.number('accepted'),
    started: figures.number('started'),
    completed: figures.number('completed'),
    failed: figures.number('failed'),
    cancelled: figures.number('cancelled'),
    retried: figures.number('retried'),
    wait: readDurations(figures.child('wait')),
    service: readDurations(figures.child('service')),
  };
}

function readDurations(durations: Fields): model.Durations {
  return {
    count: durations.number('count'),
    mean: durations.number('meanSeconds'),
    p50: durations.numberOrNull('p50Seconds'),
    p90: durations.numberOrNull('p90Seconds'),
    p99: durations.numberOrNull('p99Seconds'),
  };
}

export function readFailures(value: unknown): model.Failure[] {
  return Fields.of(value, 'failures').children('causes', (failure) => ({
    kind: failure.text('kind'),
    cause: failure.textOrNull('cause'),
    failed: failure.number('failed'),
    retried: failure.number('retried'),
    lastAt: failure.date('lastAt'),
    jobs: failure.texts('jobs'),
  }));
}

export function readUserLoads(value: unknown): model.UserLoad[] {
  return Fields.of(value, 'users').children('users', (load) => ({
    user: load.text('user'),
    account: load.textOrNull('account'),
    accepted: load.number('accepted'),
    completed: load.number('completed'),
    failed: load.number('failed'),
    cancelled: load.number('cancelled'),
    processing: load.number('processingSeconds'),
  }));
}

export function readEstimates(value: unknown): model.Estimates {
  const estimates = Fields.of(value, 'estimates');
  return {
    p90Meant: estimates.number('p90Meant'),
    kinds: estimates.children('kinds', (kind) => ({
      kind: kind.text('kind'),
      samples: kind.number('samples'),
      atSubmission: readHits(kind.child('atSubmission')),
      whileWaiting: readHits(kind.child('whileWaiting')),
    })),
  };
}

function readHits(hits: Fields): model.Hits {
  return {
    count: hits.number('count'),
    withinP90: hits.numberOrNull('withinP90'),
    recentCount: hits.number('recentCount'),
    recentWithinP90: hits.numberOrNull('recentWithinP90'),
    recentMedianError: hits.numberOrNull('recentMedianError'),
  };
}

export function readSettings(value: unknown): model.Setting[] {
  return Fields.of(value, 'settings').children('settings', readSetting);
}

export function readReload(value: unknown): model.Reload {
  const reload = Fields.of(value, 'reload');
  return { changed: reload.children('changed', readSetting), atRestart: reload.children('atRestart', readSetting) };
}

function readSetting(setting: Fields): model.Setting {
  return {
    key: setting.text('key'),
    value: setting.text('value'),
    source: setting.text('source'),
    reloads: setting.flag('reloads'),
  };
}

/** The whole sentence of each fault of a refused reload; none where the problem is another. */
export function readFaults(value: unknown): string[] {
  return Fields.of(value, 'problem').children('faults', (fault) => fault.text('text'));
}

export function readAudit(value: unknown): model.AuditPage {
  const page = Fields.of(value, 'audit');
  return { entries: page.children('entries', readAuditEntry), next: page.textOrNull('next') };
}

function readAuditEntry(entry: Fields): model.AuditEntry {
  return {
    id: entry.text('id'),
    at: entry.date('at'),
    actor: entry.text('actor'),
    role: entry.text('role'),
    action: entry.text('action'),
    target: entry.text('target'),
    outcome: entry.number('outcome'),
    note: entry.textOrNull('note'),
  };
}

export function readJobListing(value: unknown): model.JobListing {
  const page = Fields.of(value, 'jobs');
  return { jobs: page.children('jobs', caredJob), next: page.textOrNull('next') };
}

export function readEvidence(value: unknown): model.JobEvidence {
  const detail = Fields.of(value, 'job');
  return {
    job: caredJob(detail.child('job')),
    history: detail.children('history', (event) => ({
      at: event.date('at'),
      type: event.text('type'),
      attempt: event.number('attempt'),
      cause: event.textOrNull('cause'),
    })),
    error: detail.textOrNull('error'),
    lastLines: detail.texts('lastLines'),
  };
}

export function readCaredJob(value: unknown): model.CaredJob {
  return caredJob(Fields.of(value, 'job'));
}

function caredJob(job: Fields): model.CaredJob {
  return {
    id: job.text('id'),
    kind: job.text('kind'),
    user: job.text('user'),
    account: job.textOrNull('account'),
    state: job.oneOf('state', ['pending', 'processing', 'completed', 'failed', 'cancelled']),
    isHeld: job.flag('isHeld'),
    attempt: job.number('attempt'),
    failures: job.number('failures'),
    crashes: job.number('crashes'),
    acceptedAt: job.date('acceptedAt'),
    startedAt: job.dateOrNull('startedAt'),
    endedAt: job.dateOrNull('endedAt'),
    notBefore: job.dateOrNull('notBefore'),
    setAsideAt: job.dateOrNull('setAsideAt'),
    fileSize: job.number('fileSize'),
    priority: job.number('priority'),
    percent: job.number('percent'),
    step: job.text('step'),
    cause: job.textOrNull('cause'),
  };
}

export function readSweeps(value: unknown): model.Sweep[] {
  return Fields.of(value, 'sweeps').children('sweeps', (sweep) => ({
    at: sweep.date('at'),
    duration: sweep.number('seconds'),
    isDryRun: sweep.flag('dryRun'),
    isPeriodic: sweep.flag('periodic'),
    failed: sweep.number('failed'),
    letIn: sweep.number('letIn'),
    deleted: sweep.number('deleted'),
    fault: sweep.textOrNull('fault'),
  }));
}

export function readSweepReport(value: unknown): model.SweepReport {
  const sweep = Fields.of(value, 'sweep');
  return {
    total: sweep.number('total'),
    active: sweep.number('active'),
    completed: sweep.number('completed'),
    failed: sweep.number('failed'),
    cancelled: sweep.number('cancelled'),
    touchedCount: sweep.number('touchedCount'),
    touched: sweep.children('touched', (one) => ({
      job: one.text('job'),
      action: one.text('action'),
      reason: one.text('reason'),
    })),
  };
}

export function readWorkers(value: unknown): model.Workers {
  const workers = Fields.of(value, 'workers');
  return {
    count: workers.number('count'),
    workers: workers.children('workers', (worker) => ({
      name: worker.text('name'),
      account: worker.text('account'),
      kinds: worker.texts('kinds'),
      running: worker.number('running'),
      jobs: worker.texts('jobs'),
      offered: worker.number('offered'),
      heardAt: worker.dateOrNull('heardAt'),
    })),
  };
}
