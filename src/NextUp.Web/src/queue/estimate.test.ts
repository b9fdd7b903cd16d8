import { expect, test } from 'vitest';
import { spanWords, startWords } from './estimate';

test.each([
  [120, 300, 0, 'starts in about 2 to 5 min'],
  [12, 40, 0, 'starts in about 12 to 40 s'],
  [40, 200, 0, 'starts in about 40 s to 3 min'],
  [170, 190, 0, 'starts in about 3 min'],
  [3600, 14_400, 0, 'starts in about 60 min to 4 h'],
  [7200, 14_400, 0, 'starts in about 2 to 4 h'],
  [2, 40, 0, 'starts within about 40 s'],
  [1, 4, 0, 'starts any moment now'],
  [120, 300, 120, 'starts within about 3 min'],
  [120, 300, 900, 'starts any moment now'],
])('p50 %i s and p90 %i s, %i s later: %s', (p50Seconds, p90Seconds, elapsed, words) => {
  expect(startWords({ p50Seconds, p90Seconds }, elapsed)).toBe(words);
});

test('A range never ends before it begins, even if the server says so', () => {
  expect(startWords({ p50Seconds: 300, p90Seconds: 120 }, 0)).toBe('starts in about 5 min');
});

test.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [65, '1 min 05 s'],
  [3723, '1 h 02 min'],
  [-4, '0 s'],
])('%f s is written %s', (seconds, words) => expect(spanWords(seconds)).toBe(words));
