import { expect, test } from 'vitest';
import { dayStart, rangeStart, ranges, weeksStart } from './ranges';

const now = new Date('2026-05-06T10:20:00Z');

test.each([
  ['day', '2026-05-05T11:00:00.000Z'],
  ['week', '2026-04-29T11:00:00.000Z'],
  ['month', '2026-04-07T00:00:00.000Z'],
  ['quarter', '2026-02-06T00:00:00.000Z'],
])('The range %s has its length with the present hour or day in it', (id, start) => {
  const range = ranges.find((one) => one.id === id) ?? ranges[0];
  expect(rangeStart(range, now).toISOString()).toBe(start);
});

test('Whole weeks have each day of the week as often', () => {
  const days = (now.getTime() - weeksStart(4, now).getTime()) / 86_400_000;
  expect(Math.ceil(days)).toBe(28);
  expect(dayStart(now).toISOString()).toBe('2026-05-06T00:00:00.000Z');
});
