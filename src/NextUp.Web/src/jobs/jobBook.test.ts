import { expect, test } from 'vitest';
import { aJob, seededRandom, wireMe, wireQueue } from '../testing/jobs';
import type { Job, JobId, LogLine, Snapshot } from '../model';
import { readMe, readQueue } from '../wire';
import {
  activeJobs,
  emptyBook,
  endedJobs,
  hasLogGap,
  isEnded,
  logReadUpTo,
  readNews,
  unconfirmedJobs,
  type JobBook,
  type JobNews,
} from './jobBook';

const id = 'job-1' as JobId;
const place = { id, estimateUnknown: null, wait: null, overtaken: null };

function read(...news: JobNews[]): JobBook {
  return news.reduce(readNews, emptyBook);
}

function snapshot(lastEvent: number, ...active: Record<string, unknown>[]): JobNews {
  const value: Snapshot = { me: readMe(wireMe([], lastEvent)), queue: readQueue(wireQueue()), lastEvent };
  const me = { ...value.me, active: active.map(aJob) };
  return { type: 'snapshot', snapshot: { ...value, me }, now: 0 };
}

function event(number: number, job: Job): JobNews {
  return { type: 'job-event', event: { number, type: 'any', job }, now: 0 };
}

function lines(...numbers: number[]): LogLine[] {
  return numbers.map((number) => ({ number, at: new Date(0), text: `line ${number}` }));
}

function stateOf(book: JobBook): string | undefined {
  return book.jobs.get(id)?.job.state;
}

test('An event that the snapshot contains already changes nothing', () => {
  const book = read(snapshot(3, { state: 'processing' }), event(1, aJob()), event(3, aJob()));
  expect(stateOf(book)).toBe('processing');
});

test('An event after the snapshot changes the job', () => {
  expect(stateOf(read(snapshot(3), event(4, aJob({ state: 'processing' }))))).toBe('processing');
});

test('An ended job never comes back, whichever way old news takes', () => {
  const ended = event(5, aJob({ state: 'cancelled' }));
  const old: JobNews[] = [
    event(4, aJob({ state: 'processing' })),
    { type: 'progress', job: aJob({ state: 'processing' }), lines: [], now: 0 },
    { type: 'positions', places: [{ ...place, position: 4, jobsAhead: 3, estimate: null }], now: 0 },
    { type: 'job-read', job: aJob(), now: 0 },
    { type: 'history-read', jobs: [aJob()], next: null, now: 0 },
  ];
  for (const news of old) expect(stateOf(read(event(1, aJob()), ended, news)), news.type).toBe('cancelled');
});

test('A job that is done once more comes back, and no older news ends it again', () => {
  const ended = event(5, aJob({ state: 'failed' }));
  const requeued: JobNews = { type: 'job-event', event: { number: 6, type: 'requeued', job: aJob() }, now: 0 };
  const book = read(event(1, aJob()), ended, requeued);
  expect(stateOf(book)).toBe('pending');
  expect([...book.fresh]).toEqual([]);
  expect(stateOf(readNews(book, ended))).toBe('pending');
});

test('However events are repeated and mixed with snapshots, the last one decides', () => {
  const states = ['pending', 'processing', 'pending', 'processing', 'completed'];
  for (let seed = 0; seed < 300; seed++) {
    const random = seededRandom(seed);
    let book = emptyBook;
    let told = 0;
    while (told < states.length) {
      if (random() < 0.3 && told > 0) {
        // The stream broke: a snapshot as of now, then all from some earlier number again.
        const now = states[told - 1] as string;
        const active = now === 'completed' ? [] : [{ state: now }];
        book = readNews(book, snapshot(told, ...active));
        for (let number = 1 + Math.floor(random() * told); number <= told; number++) {
          book = readNews(book, event(number, aJob({ state: states[number - 1] })));
          expect(stateOf(book), `seed ${seed}`).toBe(now);
        }
      } else {
        told++;
        book = readNews(book, event(told, aJob({ state: states[told - 1] })));
      }
    }
    expect(stateOf(book), `seed ${seed}`).toBe('completed');
  }
});

test('A place moves a waiting job and leaves a running one alone', () => {
  const places = [{ ...place, position: 2, jobsAhead: 1, estimate: { p50Seconds: 5, p90Seconds: 9 } }];
  const moved = read(snapshot(1, { position: 7 }), { type: 'positions', places, now: 42 });
  expect(moved.jobs.get(id)).toMatchObject({ job: { position: 2, jobsAhead: 1 }, estimatedAt: 42 });
  const running = read(snapshot(1, { state: 'processing', position: null }), { type: 'positions', places, now: 42 });
  expect(running.jobs.get(id)?.job.position).toBeNull();
});

test('A job that ends before our eyes is fresh until it was seen; one from the history is not', () => {
  const ended = aJob({ state: 'completed' });
  expect([...read(event(1, aJob()), event(2, ended)).fresh]).toEqual([id]);
  expect([...read(event(1, aJob()), event(2, ended), { type: 'seen', id }).fresh]).toEqual([]);
  expect([...read({ type: 'history-read', jobs: [ended], next: null, now: 0 }).fresh]).toEqual([]);
});

test('History does not overwrite what is known', () => {
  const book = read(event(2, aJob({ state: 'processing' })), {
    type: 'history-read',
    jobs: [aJob()],
    next: 'x',
    now: 0,
  });
  expect(stateOf(book)).toBe('processing');
  expect(book.next).toBe('x');
});

test('Log lines are kept once and in order, and a gap is noticed', () => {
  const progress = (...numbers: number[]): JobNews => ({
    type: 'progress',
    job: aJob(),
    lines: lines(...numbers),
    now: 0,
  });
  const gap = read(progress(1, 2), progress(5, 6));
  expect(hasLogGap(gap.logs.get(id) ?? [])).toBe(true);
  expect(logReadUpTo(gap.logs.get(id) ?? [])).toBe(2);

  const closed = readNews(gap, { type: 'log-read', id, lines: lines(3, 4, 5) });
  expect(closed.logs.get(id)?.map((line) => line.number)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(hasLogGap(closed.logs.get(id) ?? [])).toBe(false);
});

test('Active jobs stand as they will run: the running one, the line, the held ones', () => {
  const book = read(
    snapshot(
      1,
      { id: 'held', isHeld: true, position: null },
      { id: 'third', position: 3 },
      { id: 'first', position: 1 },
      { id: 'running', state: 'processing', position: null },
    ),
  );
  expect(activeJobs(book).map(({ job }) => job.id)).toEqual(['running', 'first', 'third', 'held']);
});

test('Ended jobs stand newest first', () => {
  const job = (name: string, acceptedAt: string): Job => aJob({ id: name, state: 'completed', acceptedAt });
  const jobs = [
    job('old', '2026-05-01T00:00:00Z'),
    job('new', '2026-05-03T00:00:00Z'),
    job('mid', '2026-05-02T00:00:00Z'),
  ];
  const book = read({ type: 'history-read', jobs, next: null, now: 0 });
  expect(endedJobs(book).map((one) => one.id)).toEqual(['new', 'mid', 'old']);
  expect(endedJobs(book).every(isEnded)).toBe(true);
});

test('A job that the snapshot does not name any more has to be read', () => {
  const book = read(event(1, aJob()), event(2, aJob({ id: 'job-2' })));
  expect(unconfirmedJobs(book, { ...readMe(wireMe()), active: [aJob()] })).toEqual(['job-2']);
});

test('Another user sees nothing of the one before', () => {
  const book = read(event(1, aJob()), { type: 'other-user' });
  expect(book.jobs.size).toBe(0);
  expect(book.next).toBeUndefined();
});

test('Who turns out to be somebody else sees nothing of what was known before', () => {
  const account: Snapshot = {
    me: readMe({ ...wireMe([], 0), user: { kind: 'account', name: 'ada' } }),
    queue: readQueue(wireQueue()),
    lastEvent: 0,
  };
  const book = read(snapshot(3, {}), { type: 'snapshot', snapshot: account, now: 0 });
  expect(book.me?.name).toBe('ada');
  expect(book.jobs.size).toBe(0);
  expect(read(snapshot(3, {}), snapshot(4)).jobs.size).toBe(1);
});
