import { expect, test } from 'vitest';
import { seededRandom } from '../testing/jobs';
import { reconnectDelayMs } from './backoff';

test('Delays double from half a second to half a minute', () => {
  const delays = [0, 1, 2, 3, 4, 5, 6, 7, 1000].map((attempt) => reconnectDelayMs(attempt, () => 1));
  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test('Delays are spread over the upper half of their span', () => {
  const random = seededRandom(1);
  const delays = Array.from({ length: 1000 }, () => reconnectDelayMs(10, random));
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(15_000);
  expect(Math.max(...delays)).toBeLessThanOrEqual(30_000);
  expect(new Set(delays).size).toBeGreaterThan(900);
});
