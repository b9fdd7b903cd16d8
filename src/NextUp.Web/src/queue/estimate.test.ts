import { expect, test } from 'vitest';
import { spanWords, startWords } from './estimate';

test.each([
  [120, 300, 0, 'starts in 2 to 5 minutes'],
  [12, 40, 0, 'starts in 12 to 40 seconds'],
  [40, 200, 0, 'starts in 40 seconds to 3 minutes'],
  [170, 190, 0, 'starts in about 3 minutes'],
  [3600, 14_400, 0, 'starts in 60 minutes to 4 hours'],
  [7200, 14_400, 0, 'starts in 2 to 4 hours'],
  [2, 40, 0, 'starts within 40 seconds'],
  [1, 4, 0, 'starts any moment now'],
  [120, 300, 120, 'starts within 3 minutes'],
  [120, 300, 900, 'starts any moment now'],
])('p50 %i s and p90 %i s, %i s later: %s', (p50Seconds, p90Seconds, elapsed, words) => {
  expect(startWords({ p50Seconds, p90Seconds }, elapsed)).toBe(words);
});

test('A range never ends before it begins, even if the server says so', () => {
  expect(startWords({ p50Seconds: 300, p90Seconds: 120 }, 0)).toBe('starts in about 5 minutes');
});

test.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [65, '1 min 05 s'],
  [3723, '1 h 02 min'],
  [-4, '0 s'],
])('%f s is written %s', (seconds, words) => expect(spanWords(seconds)).toBe(words));
