/* The one place where the server's JSON becomes the page's own types. What the API promises is required here;
   what a kind of job adds to it (summary, report, diff) is read leniently, for kinds differ. */
import { Fields } from './json';
import { jobStates, roles } from './model';
import type {
  Candidate,
  EntryChanges,
  Estimate,
  Finding,
  Job,
  JobEvent,
  JobId,
  Kind,
  LogLine,
  Me,
  Place,
  Preview,
  Progress,
  Queue,
  Snapshot,
  Standing,
  Summary,
} from './model';

export function readJob(value: unknown, where = 'job'): Job {
  const job = Fields.of(value, where);
  const links = job.childOrNull('links');
  const id = job.text('id');
  return {
    id: id as JobId,
    kind: job.text('kind'),
    state: job.oneOf('state', jobStates),
    isHeld: job.flag('isHeld'),
    waitsFor: job.textOrNull('waitsFor'),
    waitsForJob: job.textOrNull('waitsForJob') as JobId | null,
    fileName: job.text('fileName'),
    fileSize: job.numberOr('fileSize', 0),
    priority: job.numberOr('priority', 0),
    notBefore: readTime(job, 'notBefore'),
    ...readStanding(job),
    progress: readProgress(job.childOrNull('progress')),
    attempt: job.numberOr('attempt', 0),
    attemptsMax: job.numberOr('attemptsMax', 1),
    acceptedAt: new Date(job.text('acceptedAt')),
    startedAt: readTime(job, 'startedAt'),
    endedAt: readTime(job, 'endedAt'),
    nextAttemptAt: readTime(job, 'nextAttemptAt'),
    error: job.textOrNull('error'),
    summary: readSummary(job.childOrNull('summary')),
    canCancel: job.flag('canCancel'),
    links: {
      result: links?.textOrNull('result') ?? null,
      report: links?.textOrNull('report') ?? null,
      diff: links?.textOrNull('diff') ?? null,
      original: links?.textOrNull('original') ?? `/api/v1/jobs/${encodeURIComponent(id)}/original`,
    },
  };
}

function readStanding(from: Fields): Standing {
  const wait = from.childOrNull('wait');
  return {
    position: from.numberOrNull('position'),
    jobsAhead: from.numberOrNull('jobsAhead'),
    estimate: readEstimate(from.childOrNull('estimate')),
    estimateUnknown: from.textOrNull('estimateUnknown'),
    wait: wait && {
      cause: wait.oneOf('cause', ['paused', 'window']),
      text: wait.text('text'),
      until: readTime(wait, 'until'),
    },
    overtaken: from.childOrNull('overtaken')?.textOrNull('text') ?? null,
  };
}

export function readTime(from: Fields, name: string): Date | null {
  const text = from.textOrNull(name);
  return text === null ? null : new Date(text);
}

function readEstimate(estimate: Fields | null): Estimate | null {
  const p50Seconds = estimate?.numberOrNull('p50Seconds') ?? null;
  const p90Seconds = estimate?.numberOrNull('p90Seconds') ?? null;
  if (p50Seconds === null || p90Seconds === null) return null;
  return { p50Seconds, p90Seconds };
}

function readProgress(progress: Fields | null): Progress {
  return {
    percent: Math.min(100, Math.max(0, progress?.numberOr('percent', 0) ?? 0)),
    done: progress?.numberOr('done', 0) ?? 0,
    total: progress?.numberOrNull('total') ?? null,
    failed: progress?.numberOr('failed', 0) ?? 0,
    step: progress?.textOr('step', '') ?? '',
  };
}

function readSummary(summary: Fields | null): Summary | null {
  if (summary?.numberOrNull('totalEntries') == null) return null;
  return {
    totalEntries: summary.number('totalEntries'),
    enrichedEntries: summary.numberOr('enrichedEntries', 0),
    fieldsAdded: summary.numberOr('fieldsAdded', 0),
    notFound: summary.numberOr('notFound', 0),
    ambiguous: summary.numberOr('ambiguous', 0),
    byField: summary.counts('byField'),
  };
}

export function readJobs(value: unknown): { jobs: Job[]; next: string | null } {
  const page = Fields.of(value, 'jobs');
  return { jobs: page.list('jobs', readJob), next: page.textOrNull('next') };
}

export function readMe(value: unknown): Me {
  const me = Fields.of(value, 'me');
  const user = me.child('user');
  return {
    kind: user.oneOf('kind', ['visitor', 'account']),
    name: user.textOrNull('name'),
    role: me.textOrNull('role') === null ? 'user' : me.oneOf('role', roles),
    signInPath: me.childOrNull('signIn')?.textOrNull('path') ?? null,
    active: me.list('active', readJob),
    lastEvent: me.numberOr('lastEvent', 0),
  };
}

/** Of the answer to a sign-in: what of the visitor's did not come along, and why, a sentence each. */
export function readLeftBehind(value: unknown): string[] {
  return Fields.of(value, 'me').texts('leftBehind');
}

export function readKinds(value: unknown): Kind[] {
  return Fields.of(value, 'kinds').list('kinds', (one, where) => {
    const kind = Fields.of(one, where);
    return {
      name: kind.text('kind'),
      whenBusy: kind.oneOf('whenBusy', ['refuse', 'hold']),
      mayChooseWhenBusy: kind.flag('mayChooseWhenBusy'),
      activePerUserMax: kind.numberOrNull('activePerUserMax'),
      priorityMax: kind.numberOr('priorityMax', 0),
    };
  });
}

export function readQueue(value: unknown): Queue {
  const queue = Fields.of(value, 'queue');
  const machine = queue.childOrNull('machine');
  return {
    slots: queue.number('slots'),
    running: queue.number('running'),
    waiting: queue.number('waiting'),
    runningElsewhere: queue.numberOr('runningElsewhere', 0),
    held: queue.numberOr('held', 0),
    completedLastHour: queue.numberOr('completedLastHour', 0),
    paused: queue.flag('paused'),
    pausedReason: queue.textOrNull('pausedReason'),
    machine: machine && {
      cpuPercent: machine.numberOr('cpuPercent', 0),
      memoryPercent: machine.numberOr('memoryPercent', 0),
      memoryAvailableGb: machine.numberOr('memoryAvailableGb', 0),
    },
  };
}

export function readLog(value: unknown): LogLine[] {
  return Fields.of(value, 'log').list('lines', readLogLine);
}

function readLogLine(value: unknown, where: string): LogLine {
  const line = Fields.of(value, where);
  return { number: line.number('number'), at: new Date(line.textOr('at', '')), text: line.text('text') };
}

export function readSnapshot(value: unknown): Snapshot {
  const snapshot = Fields.of(value, 'snapshot');
  return {
    me: readMe(snapshot.raw('me')),
    queue: readQueue(snapshot.raw('queue')),
    lastEvent: snapshot.number('lastEvent'),
  };
}

export function readJobEvent(value: unknown): JobEvent {
  const event = Fields.of(value, 'job event');
  return { number: event.number('number'), type: event.text('type'), job: readJob(event.raw('job')) };
}

export function readProgressEvent(value: unknown): { job: Job; lines: LogLine[] } {
  const event = Fields.of(value, 'progress event');
  return { job: readJob(event.raw('job')), lines: event.list('lines', readLogLine) };
}

export function readPlaces(value: unknown): Place[] {
  return Fields.of(value, 'position event').list('jobs', (one, where) => {
    const place = Fields.of(one, where);
    return { id: place.text('id') as JobId, ...readStanding(place) };
  });
}

export function readPreview(value: unknown): Preview {
  const preview = Fields.of(value, 'preview');
  return {
    totalEntries: preview.number('totalEntries'),
    entries: preview.list('entries', (one, where) => {
      const entry = Fields.of(one, where);
      return {
        ...readEntry(entry),
        author: entry.textOrNull('author'),
        year: entry.textOrNull('year'),
        missing: entry.texts('missing'),
      };
    }),
    missing: preview.counts('missing'),
    problems: preview.list('problems', (one, where) => {
      const problem = Fields.of(one, where);
      return { line: problem.numberOr('line', 0), message: problem.text('message') };
    }),
    truncated: preview.flag('truncated'),
  };
}

function readEntry(entry: Fields): { key: string; type: string; title: string | null; line: number } {
  return {
    key: entry.textOr('key', ''),
    type: entry.textOr('type', ''),
    title: entry.textOrNull('title'),
    line: entry.numberOr('line', 0),
  };
}

export function readReport(value: unknown): Finding[] {
  return Fields.of(value, 'report').list('entries', (one, where) => {
    const entry = Fields.of(one, where);
    return {
      ...readEntry(entry),
      outcome: entry.textOr('outcome', 'unknown'),
      foundBy: entry.textOrNull('foundBy'),
      provider: entry.textOrNull('provider'),
      confidence: entry.numberOrNull('confidence'),
      reason: entry.textOrNull('reason'),
      candidates: entry.list('candidates', readCandidate),
      added: entry.list('added', (added, at) => {
        const field = Fields.of(added, at);
        return { field: field.text('field'), value: field.textOr('value', ''), source: field.textOrNull('source') };
      }),
      warnings: entry.texts('warnings'),
      notCheckedBy: entry.texts('notCheckedBy'),
    };
  });
}

function readCandidate(value: unknown, where: string): Candidate {
  const candidate = Fields.of(value, where);
  const authors = candidate.raw('authors');
  return {
    doi: candidate.textOr('doi', ''),
    title: candidate.textOr('title', ''),
    year: candidate.textOrNull('year'),
    container: candidate.textOrNull('container'),
    authors: Array.isArray(authors) ? authors.map(String).join(', ') : candidate.textOrNull('authors'),
  };
}

export function readDiff(value: unknown): EntryChanges[] {
  return Fields.of(value, 'diff').list('entries', (one, where) => {
    const entry = Fields.of(one, where);
    return {
      ...readEntry(entry),
      changes: entry.list('changes', (change, at) => {
        const field = Fields.of(change, at);
        return {
          field: field.text('field'),
          kind: field.oneOf('kind', ['added', 'changed']),
          before: field.textOrNull('before'),
          after: field.textOr('after', ''),
        };
      }),
    };
  });
}
