import { describe, expect, test } from 'vitest';
import * as charts from './charts';
import type { Durations, Figures, Statistics } from './model';

const durations = (count: number, p50: number): Durations => ({ count, mean: p50, p50, p90: p50 * 2, p99: p50 * 3 });
const figures = (completed: number, failed = 0): Figures => ({
  accepted: completed + failed,
  started: completed + failed,
  completed,
  failed,
  cancelled: 0,
  retried: 0,
  wait: durations(completed, 1),
  service: durations(completed, 2),
});
const statistics: Statistics = {
  from: new Date('2026-05-04T10:00:00Z'),
  to: new Date('2026-05-04T14:00:00Z'),
  by: 'hour',
  total: figures(6, 1),
  kinds: [],
  periods: [
    { start: new Date('2026-05-04T10:00:00Z'), kind: 'bibtex', figures: figures(1) },
    { start: new Date('2026-05-04T12:00:00Z'), kind: 'bibtex', figures: figures(2, 1) },
    { start: new Date('2026-05-04T12:00:00Z'), kind: 'tables', figures: figures(3) },
  ],
  weekHours: [],
};

describe('Charts', () => {
  test('show hours in which nothing happened as nothing', () => {
    const ended = charts.endedByPeriod(statistics);
    expect(ended.map((one) => one.completed)).toEqual([1, 0, 5, 0]);
    expect(ended.map((one) => one.failed)).toEqual([0, 0, 1, 0]);
    expect(ended[3]?.start.toISOString()).toBe('2026-05-04T13:00:00.000Z');
  });

  test('tell spans of one kind, and break the line where there were none', () => {
    const spans = charts.spansByPeriod(statistics, 'bibtex', 'service');
    expect(spans.map((one) => one.durations?.p50 ?? null)).toEqual([2, null, 2, null]);
    expect(charts.pieces([1, 2, null, 3])).toEqual([[1, 2], [3]]);
    expect(charts.pieces([null, null])).toEqual([]);
  });

  test('an hour without a finished attempt has no span', () => {
    const none = { ...statistics, periods: [{ ...statistics.periods[0]!, figures: figures(0, 1) }] };
    expect(charts.spansByPeriod(none, 'bibtex', 'wait')[0]?.durations).toBeNull();
  });
});

describe('The axis', () => {
  test.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6, 8]],
    [100, [0, 50, 100]],
    [1234, [0, 500, 1000, 1500]],
  ])('has counts that people like up to %d', (max, ticks) => expect(charts.countTicks(max)).toEqual(ticks));

  test.each([
    [0, [0, 1]],
    [4, [0, 1, 2, 3, 4]],
    [50, [0, 15, 30, 45, 60]],
    [3000, [0, 900, 1800, 2700, 3600]],
    [200_000, [0, 86_400, 172_800, 259_200]],
  ])('has steps of clocks up to %d seconds', (max, ticks) => expect(charts.spanTicks(max)).toEqual(ticks));

  test.each([0.003, 0.04, 0.3, 2, 9, 59, 61, 7200, 1e6])('reaches above %d seconds in few steps', (max) => {
    const ticks = charts.spanTicks(max);
    expect(ticks.at(-1)!).toBeGreaterThanOrEqual(max * (1 - 1e-9));
    expect(ticks.length).toBeLessThanOrEqual(6);
  });

  test('has labels no closer than they are wide', () => {
    expect(charts.labelEvery(24, 600, 50)).toBe(2);
    expect(charts.labelEvery(168, 300, 50)).toBe(48);
    expect(charts.labelEvery(5, 20, 50)).toBe(6);
  });
});

describe('The hours of the week', () => {
  const monday9 = Array.from({ length: 168 }, (_, hour) => (hour === 9 ? 4 : 0));

  test('are those of clocks here', () => {
    expect(charts.weekGrid(monday9, 0)[0]?.[9]).toBe(4);
    expect(charts.weekGrid(monday9, -120)[0]?.[11], 'two hours ahead of UTC').toBe(4);
    expect(charts.weekGrid(monday9, 600)[6]?.[23], 'ten hours behind, so it is still Sunday').toBe(4);
  });

  test('keep every job wherever the clocks are', () => {
    for (let offset = -840; offset <= 720; offset += 60) {
      expect(charts.weekGrid(monday9, offset).flat().reduce((sum, count) => sum + count)).toBe(4);
    }
  });

  test('are shaded by their share of the busiest, and one job is not nothing', () => {
    expect([0, 1, 50, 81, 100].map((count) => charts.shade(count, 100))).toEqual([0, 1, 3, 5, 5]);
    expect(charts.shade(0, 0)).toBe(0);
  });

  test('are told in words', () => {
    expect(charts.busiestWords(charts.weekGrid(monday9, 0))).toBe(
      'Busiest: Monday from 09:00, with 4 of all jobs. 167 of the 168 hours had no job.',
    );
    expect(charts.busiestWords(charts.weekGrid([], 0))).toBe('No job came in this time.');
  });
});
