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
