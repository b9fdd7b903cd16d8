import { expect, test } from 'vitest';
import { aJob } from '../testing/jobs';
import { positionWords, titleWords } from './position';

test.each([
  [1, 'green', 'Next up', null],
  [2, 'blue', '2nd in line', null],
  [3, 'orange', 'Position #3', null],
  [4, 'orange', 'Position #4', '(3 jobs ahead)'],
  [1000, 'orange', 'Position #1000', '(999 jobs ahead)'],
])('position %i is %s and says "%s"', (position, tone, text, ahead) => {
  expect(positionWords(position)).toEqual({ tone, text, ahead });
});

test('The title shows the best place of the waiting jobs', () => {
  const jobs = [aJob({ id: 'a', position: 7 }), aJob({ id: 'b', position: 3 }), aJob({ isHeld: true, position: null })];
  expect(titleWords(jobs)).toBe('#3 · NextUp');
});

test('A running job stands in the title before a waiting one', () => {
  const running = aJob({ state: 'processing', position: null, progress: { percent: 40.9, done: 4, failed: 0 } });
  expect(titleWords([aJob(), running])).toBe('40 % · NextUp');
});

test('Without a job the title is the name alone', () => {
  expect(titleWords([])).toBe('NextUp');
  expect(titleWords([aJob({ state: 'completed', position: null })])).toBe('NextUp');
});
