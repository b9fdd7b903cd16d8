import { expect, test } from 'vitest';
import { aJob } from '../testing/jobs';
import { waitingWords } from './waiting';

const now = new Date(2026, 4, 4, 12, 0).getTime();
const at = (hour: number, day = 4): string => new Date(2026, 4, day, hour, 0).toISOString();
const estimate = { p50Seconds: 120, p90Seconds: 300 };

test('The start is a range, less what has passed since it was said', () => {
  expect(waitingWords(aJob({ estimate }), now, 0).when).toBe('Starts in 2 to 5 minutes.');
  expect(waitingWords(aJob({ estimate }), now, 60).when).toBe('Starts in 60 seconds to 4 minutes.');
});

test('Where there is no estimate it is said why', () => {
  expect(waitingWords(aJob({ estimateUnknown: 'learning' }), now, 0).when).toMatch(/^No estimate yet/);
  expect(waitingWords(aJob(), now, 0).when).toBeNull();
});

test('A pause says its reason and that the place is kept', () => {
  const wait = { cause: 'paused', text: 'The queue is paused: a new disk', until: null };
  const words = waitingWords(aJob({ wait, estimateUnknown: 'paused' }), now, 0);
  expect(words).toMatchObject({ when: null, kept: 'The queue is paused: a new disk. Your place is kept.' });
});

test('A window is told by its own clock, and by that of the reader where it is another one', () => {
  const wait = { cause: 'window', text: 'starts from 03:00 Asia/Tokyo', until: at(19) };
  expect(waitingWords(aJob({ wait }), now, 0).kept).toMatch(/^Starts from 03:00 Asia\/Tokyo, .*7.* on your clock\.$/);
  const never = { cause: 'window', text: 'no window in which it may start is ahead', until: null };
  expect(waitingWords(aJob({ wait: never }), now, 0).kept).toBe('No window in which it may start is ahead.');
});

test('A job for later says when it joins the line', () => {
  const words = waitingWords(aJob({ position: null, notBefore: at(22) }), now, 0);
  expect(words.when).toMatch(/^Joins the line at .*, as you asked\.$/);
  expect(waitingWords(aJob({ position: null, notBefore: at(22, 6) }), now, 0).when).toMatch(/^Joins the line on /);
});

test('A retry says what failed and when it is tried again', () => {
  const job = aJob({ position: null, nextAttemptAt: at(13), error: 'Crossref cannot be reached' });
  expect(waitingWords(job, now, 0).when).toMatch(/^Crossref cannot be reached\. Tries again at /);
});

test('Whoever was overtaken is told by how many, and never by whom', () => {
  const overtaken = { headStarts: 2, text: '2 urgent or small jobs came in before you' };
  expect(waitingWords(aJob({ overtaken }), now, 0).overtaken).toBe(
    'Why your place got worse: 2 urgent or small jobs came in before you.',
  );
});
