/* What a busy installation would answer to operators. */

const hourMs = 3_600_000;

export function runningJobs() {
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

export function caredJobs() {
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

export function sweeps() {
  const quiet = { seconds: 0.012, dryRun: false, periodic: true, failed: 0, letIn: 0, deleted: 0, fault: null };
  const sweep = (seconds, more = {}) => ({ ...quiet, at: later(seconds), ...more });
  return [
    sweep(-120),
    sweep(-420, { failed: 1 }),
    sweep(-700, { periodic: false, dryRun: true }),
    sweep(-720, { deleted: 1204, seconds: 2.4 }),
  ];
}

export function workers() {
  const held = runningJobs().slice(0, 2).map(({ id }) => id);
  const idle = { running: 0, jobs: [] };
  return [
    { name: 'atlas-4211-9c0e', account: 'crew', kinds: ['bibtex', 'exams'], running: 2, jobs: held, offered: 2, heardAt: later(-1) },
    { name: 'local-1', account: 'workers.local', kinds: ['bibtex'], ...idle, offered: 1, heardAt: later(-9) },
    { name: 'resizer', account: 'crew', kinds: [], ...idle, offered: 0, heardAt: null },
  ];
}

export function kindLoad(kind, unfinished, running, completed) {
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

export function durations(count, p50, p90, p99) {
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

export function statistics(query, isEmpty) {
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

export function causes() {
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

export function users() {
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

export function estimates() {
  const hits = (share, error) => ({ count: 9120, withinP90: 0.914, recentCount: 500, recentWithinP90: share, recentMedianError: error });
  return [
    { kind: 'bibtex', samples: 500, atSubmission: hits(0.922, 0.14), whileWaiting: hits(0.931, 0.11) },
    { kind: 'exams', samples: 212, atSubmission: hits(0.79, 0.31), whileWaiting: hits(0.868, 0.2) },
  ];
}

export function setting(key, value, source, reloads) {
  return { key, value, source, reloads };
}

export function settings() {
  return [
    setting('queue.slots', '6', 'nextup.json', true),
    setting('server.urls', '"http://127.0.0.1:8080"', '--urls', false),
    setting('bibtex.providers', '["catalogue", "crossref", "openalex"]', 'nextup.json', true),
    setting('kinds.bibtex.attemptsMax', '3', 'default', true),
    setting('kinds.bibtex.retryDelay', '"5s"', 'default', true),
  ];
}

export function now() {
  return new Date().toISOString();
}

export function later(seconds) {
  return new Date(Date.now() + seconds * 1000).toISOString();
}
