import type { Unit } from './model';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A span of the past that ends now. */
export interface Range {
  readonly id: string;
  readonly words: string;
  readonly by: Unit;
  /** Hours or days, the present one included. */
  readonly length: number;
}

export const ranges: readonly [Range, ...Range[]] = [
  { id: 'day', words: 'the last 24 hours', by: 'hour', length: 24 },
  { id: 'week', words: 'the last 7 days', by: 'hour', length: 7 * 24 },
  { id: 'month', words: 'the last 30 days', by: 'day', length: 30 },
  { id: 'quarter', words: 'the last 90 days', by: 'day', length: 90 },
];

export function rangeStart({ by, length }: Range, now: Date): Date {
  const unit = by === 'hour' ? hourMs : dayMs;
  return new Date((Math.floor(now.getTime() / unit) - length + 1) * unit);
}

/** What is kept by the day begins with a whole day (UTC). */
export function dayStart(at: Date): Date {
  return new Date(Math.floor(at.getTime() / dayMs) * dayMs);
}

/** Whole weeks, so that each day of the week counts as often. */
export function weeksStart(weeks: number, now: Date): Date {
  return new Date(dayStart(now).getTime() - (weeks * 7 - 1) * dayMs);
}

export function periodLabel(start: Date, by: Unit, isLong: boolean): string {
  if (by === 'day') return start.toLocaleDateString(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const time = start.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return isLong ? `${start.toLocaleDateString(undefined, { weekday: 'short' })} ${time}` : time;
}
