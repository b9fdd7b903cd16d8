/* What the page knows of this user's jobs. News arrives by several ways at once (snapshots, events that are sent again
   after a loss, live progress, answers to our own calls) and in no common order, so each job carries the number of the
   last event that its state contains: an event at or below it changes nothing, and an ended job never comes back but by
   the event that says that it is done once more. */
import type { Connection } from '../live/LiveFeed';
import type { Job, JobEvent, JobId, LogLine, Me, Place, Queue, Snapshot } from '../model';

export interface KnownJob {
  readonly job: Job;
  /** The last event that `job` contains. */
  readonly asOf: number;
  /** When this page learned the estimate, in its own clock's milliseconds. */
  readonly estimatedAt: number;
}

export interface JobBook {
  readonly jobs: ReadonlyMap<JobId, KnownJob>;
  readonly logs: ReadonlyMap<JobId, readonly LogLine[]>;
  readonly me: Me | null;
  readonly queue: Queue | null;
  readonly connection: Connection;
  /** The cursor of the next page of history; undefined before the first page. */
  readonly next: string | null | undefined;
  readonly historyTrouble: string | null;
  /** Jobs that ended while this page was open: their results are still to be looked at. */
  readonly fresh: ReadonlySet<JobId>;
}

export type JobNews =
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot; readonly now: number }
  | { readonly type: 'job-event'; readonly event: JobEvent; readonly now: number }
  | { readonly type: 'progress'; readonly job: Job; readonly lines: readonly LogLine[]; readonly now: number }
  | { readonly type: 'positions'; readonly places: readonly Place[]; readonly now: number }
  | { readonly type: 'queue'; readonly queue: Queue }
  | { readonly type: 'connection'; readonly connection: Connection }
  | { readonly type: 'job-read'; readonly job: Job; readonly now: number }
  | { readonly type: 'history-read'; readonly jobs: readonly Job[]; readonly next: string | null; readonly now: number }
  | { readonly type: 'history-failed'; readonly trouble: string }
  | { readonly type: 'log-read'; readonly id: JobId; readonly lines: readonly LogLine[] }
  | { readonly type: 'seen'; readonly id: JobId }
  | { readonly type: 'other-user' };

export const emptyBook: JobBook = {
  jobs: new Map(),
  logs: new Map(),
  me: null,
  queue: null,
  connection: { state: 'connecting' },
  next: undefined,
  historyTrouble: null,
  fresh: new Set(),
};

export function isEnded(job: Job): boolean {
  return job.state === 'completed' || job.state === 'failed' || job.state === 'cancelled';
}

export function readNews(book: JobBook, news: JobNews): JobBook {
  switch (news.type) {
    case 'snapshot': {
      const { me, queue, lastEvent } = news.snapshot;
      const own = isSameUser(book.me, me) ? book : { ...emptyBook, connection: book.connection };
      const withJobs = me.active.reduce((known, job) => learn(known, job, lastEvent, news.now), own);
      return { ...withJobs, me, queue };
    }
    case 'job-event':
      return learnEvent(book, news.event, news.now);
    case 'progress':
      return addLines(learn(book, news.job, null, news.now), news.job.id, news.lines);
    case 'positions':
      return news.places.reduce((known, place) => move(known, place, news.now), book);
    case 'queue':
      return { ...book, queue: news.queue };
    case 'connection':
      return { ...book, connection: news.connection };
    case 'job-read':
      return learn(book, news.job, null, news.now);
    case 'history-read':
      return {
        ...news.jobs.reduce((known, job) => learnOld(known, job, news.now), book),
        next: news.next,
        historyTrouble: null,
      };
    case 'history-failed':
      return { ...book, historyTrouble: news.trouble };
    case 'log-read':
      return addLines(book, news.id, news.lines);
    case 'seen':
      return { ...book, fresh: new Set([...book.fresh].filter((id) => id !== news.id)) };
    case 'other-user':
      return { ...emptyBook, queue: book.queue };
  }
}

/** A sign-in in another window, or its end, makes somebody else of us: what was known is not theirs. */
function isSameUser(before: Me | null, now: Me): boolean {
  return before === null || (before.kind === now.kind && before.name === now.name);
}

function learnEvent(book: JobBook, event: JobEvent, now: number): JobBook {
  const known = book.jobs.get(event.job.id);
  if (known !== undefined && event.number <= known.asOf) return book;
  return learn(event.type === 'requeued' ? forget(book, event.job.id) : book, event.job, event.number, now);
}

function forget(book: JobBook, id: JobId): JobBook {
  const jobs = new Map(book.jobs);
  jobs.delete(id);
  return { ...book, jobs, fresh: new Set([...book.fresh].filter((one) => one !== id)) };
}

/** A page of history is as old as its answer took to come: whatever is known already is newer. */
function learnOld(book: JobBook, job: Job, now: number): JobBook {
  return book.jobs.has(job.id) ? book : learn(book, job, null, now);
}

function learn(book: JobBook, job: Job, number: number | null, now: number): JobBook {
  const known = book.jobs.get(job.id);
  const asOf = Math.max(known?.asOf ?? 0, number ?? 0);
  if (known !== undefined && isEnded(known.job) && !isEnded(job)) return book;

  const jobs = new Map(book.jobs).set(job.id, { job, asOf, estimatedAt: now });
  const endedHere = known !== undefined && !isEnded(known.job) && isEnded(job);
  return { ...book, jobs, fresh: endedHere ? new Set(book.fresh).add(job.id) : book.fresh };
}

function move(book: JobBook, place: Place, now: number): JobBook {
  const known = book.jobs.get(place.id);
  if (known === undefined || known.job.state !== 'pending') return book;
  const job = { ...known.job, ...place };
  return { ...book, jobs: new Map(book.jobs).set(place.id, { ...known, job, estimatedAt: now }) };
}

function addLines(book: JobBook, id: JobId, lines: readonly LogLine[]): JobBook {
  if (lines.length === 0) return book;
  const known = book.logs.get(id) ?? [];
  const last = known.at(-1)?.number ?? 0;
  const isNext = lines.every((line, index) => line.number === last + 1 + index);
  return { ...book, logs: new Map(book.logs).set(id, isNext ? [...known, ...lines] : mergeLines(known, lines)) };
}

function mergeLines(known: readonly LogLine[], more: readonly LogLine[]): LogLine[] {
  const byNumber = new Map([...known, ...more].map((line) => [line.number, line]));
  return [...byNumber.values()].sort((left, right) => left.number - right.number);
}

/** The number after which lines are missing: all up to it are there. */
export function logReadUpTo(lines: readonly LogLine[]): number {
  const gap = lines.findIndex((line, index) => line.number !== index + 1);
  return gap < 0 ? lines.length : gap;
}

/** Whether live lines came before the ones in front of them were read. */
export function hasLogGap(lines: readonly LogLine[]): boolean {
  return logReadUpTo(lines) < lines.length;
}

/** Jobs that run or wait: the running ones first, then as they stand in line, the held ones last. */
export function activeJobs(book: JobBook): KnownJob[] {
  return [...book.jobs.values()]
    .filter(({ job }) => !isEnded(job))
    .sort((left, right) => order(left.job) - order(right.job) || acceptedMs(left.job) - acceptedMs(right.job));
}

function acceptedMs(job: Job): number {
  return job.acceptedAt.getTime();
}

function order(job: Job): number {
  if (job.state === 'processing') return -1;
  return job.position ?? Number.MAX_SAFE_INTEGER;
}

/** Ended jobs, newest first. */
export function endedJobs(book: JobBook): Job[] {
  return [...book.jobs.values()]
    .map((known) => known.job)
    .filter(isEnded)
    .sort((left, right) => acceptedMs(right) - acceptedMs(left) || (right.id > left.id ? 1 : -1));
}

/** Jobs that we take for active and a snapshot does not name: they ended while we were away. */
export function unconfirmedJobs(book: JobBook, me: Me): JobId[] {
  const named = new Set(me.active.map((job) => job.id));
  return activeJobs(book)
    .map(({ job }) => job.id)
    .filter((id) => !named.has(id));
}
