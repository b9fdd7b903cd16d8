import { expect, test } from 'vitest';
import { agoWords, bytesWords, plural, shareWords, spanWords } from './words';

test.each([
  [null, '–'],
  [0, '0 s'],
  [0.00071, '0.7 ms'],
  [0.012, '12 ms'],
  [0.0999, '0.1 s'],
  [4.23, '4.2 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [59.6, '1 min'],
  [200, '3 min 20 s'],
  [3599.6, '1 h'],
  [7500, '2 h 5 min'],
  [86_399, '1 d'],
  [273_600, '3 d 4 h'],
])('%s seconds are %s', (seconds, words) => expect(spanWords(seconds)).toBe(words));

test.each([
  [2, 'just now'],
  [42, '42 s ago'],
  [119, '1 min ago'],
  [7200, '2 h ago'],
  [86_400, '1 day ago'],
  [200_000, '2 days ago'],
])('%d seconds before is %s', (seconds, words) =>
  expect(agoWords(new Date(0), new Date(seconds * 1000))).toBe(words),
);

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [256 * 1024 ** 2, '256 MiB'],
  [1024 ** 4 - 1, '1 TiB'],
])('%d bytes are %s', (bytes, words) => expect(bytesWords(bytes)).toBe(words));

test.each([
  [null, '–'],
  [0, '0 %'],
  [0.004, '0.4 %'],
  [0.934, '93 %'],
  [0.996, '99.6 %'],
  [1, '100 %'],
])('a share of %s is %s', (share, words) => expect(shareWords(share)).toBe(words));

test('One is not many', () => expect([plural(1, 'job'), plural(1200, 'job')]).toEqual(['1 job', '1,200 jobs']));
