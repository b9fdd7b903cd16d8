import { expect, test } from 'vitest';
import { aJob, wireJob, wireMe, wireQueue } from './testing/jobs';
import { readJob, readMe, readPlaces, readPreview, readQueue, readReport, readDiff } from './wire';

test('A job is read whole', () => {
  const job = aJob({
    state: 'completed',
    estimate: { p50: 'x', p90: 'y', p50Seconds: 12, p90Seconds: 40 },
    summary: { totalEntries: 4, enrichedEntries: 2, fieldsAdded: 5, notFound: 1, ambiguous: 0, byField: { doi: 2 } },
    endedAt: '2026-05-04T09:31:00Z',
  });
  expect(job.estimate).toEqual({ p50Seconds: 12, p90Seconds: 40 });
  expect(job.summary?.byField.get('doi')).toBe(2);
  expect(job.endedAt?.getTime()).toBe(Date.parse('2026-05-04T09:31:00Z'));
});

test('A job of another kind may have a summary of its own', () => {
  expect(aJob({ summary: { rows: 3 } }).summary).toBeNull();
});

test('A wrong answer names the place', () => {
  expect(() => readJob(wireJob({ fileName: 3.5, id: null }))).toThrow('job.id is not a text');
  expect(() => readJob(wireJob({ state: 'asleep' }))).toThrow('job.state is not one of pending, processing');
  expect(() => readMe(wireMe([null]))).toThrow('me.active[0] is not an object');
});

test('Percentages stay between 0 and 100', () => {
  expect(aJob({ progress: { percent: 140 } }).progress.percent).toBe(100);
  expect(aJob({ progress: { percent: -1 } }).progress.percent).toBe(0);
});

test('A queue without a machine is read', () => {
  expect(readQueue(wireQueue({ machine: null })).machine).toBeNull();
});

test('A place without estimate is read', () => {
  expect(readPlaces({ jobs: [{ id: 'a', position: 2, jobsAhead: 1, estimate: null }] })[0]?.estimate).toBeNull();
});

test('Previews, reports and diffs take years as numbers and leave out what is not there', () => {
  const preview = readPreview({
    totalEntries: 1,
    entries: [{ key: 'a', type: 'book', year: 1984, line: 1 }],
    missing: {},
  });
  expect(preview.entries[0]).toMatchObject({ year: '1984', title: null, missing: [] });

  const [finding] = readReport({
    entries: [{ key: 'a', outcome: 'ambiguous', candidates: [{ doi: '10.1/a', year: 1984, authors: ['A', 'B'] }] }],
  });
  expect(finding?.candidates[0]).toEqual({ doi: '10.1/a', title: '', year: '1984', container: null, authors: 'A, B' });

  const [entry] = readDiff({ entries: [{ key: 'a', changes: [{ field: 'doi', kind: 'added', after: '10.1/a' }] }] });
  expect(entry?.changes).toEqual([{ field: 'doi', kind: 'added', before: null, after: '10.1/a' }]);
});

test('Why a job waits is read, with a place and with a job', () => {
  const wait = { cause: 'window', text: 'starts from 22:00 Europe/Vienna', until: '2026-05-04T20:00:00Z' };
  const overtaken = { headStarts: 2, retries: 0, text: '2 urgent or small jobs came in before you' };
  const job = aJob({ wait, overtaken, estimateUnknown: 'paused', notBefore: '2026-05-04T20:00:00Z', waitsForJob: 'b' });
  expect(job.wait?.until?.getTime()).toBe(Date.parse('2026-05-04T20:00:00Z'));
  expect(job).toMatchObject({ overtaken: overtaken.text, estimateUnknown: 'paused', waitsForJob: 'b', priority: 0 });
  const [place] = readPlaces({ jobs: [{ id: 'a', position: 3, jobsAhead: 2, estimate: null, wait, overtaken }] });
  expect(place).toMatchObject({ position: 3, wait: { cause: 'window' }, overtaken: overtaken.text });
});

test('Who you are says what you may do and where you sign in', () => {
  const me = { ...wireMe(), role: 'operator', signIn: { byToken: true, path: '/sign-in' } };
  expect(readMe(me)).toMatchObject({ role: 'operator', signInPath: '/sign-in' });
  expect(readMe({ ...me, signIn: { byToken: true, path: null } }).signInPath).toBeNull();
});
