/* What the charts and the grid of hours show, without drawing it. */
import type { Durations, Period, Statistics, Unit } from './model';

const hourMs = 3_600_000;
const unitMs: Readonly<Record<Unit, number>> = { hour: hourMs, day: 24 * hourMs };
export const daysOfWeek = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const hoursOfDay = 24;
const hoursOfWeek = daysOfWeek.length * hoursOfDay;

/** An hour or day with what ended in it, also where nothing did. */
export interface Ended {
  readonly start: Date;
  readonly accepted: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}

export function endedByPeriod(statistics: Statistics): Ended[] {
  const byStart = groupByStart(statistics.periods);
  return starts(statistics).map((start) => {
    const figures = (byStart.get(start.getTime()) ?? []).map((period) => period.figures);
    const sum = (name: 'accepted' | 'completed' | 'failed' | 'cancelled'): number =>
      figures.reduce((total, one) => total + one[name], 0);
    return {
      start,
      accepted: sum('accepted'),
      completed: sum('completed'),
      failed: sum('failed'),
      cancelled: sum('cancelled'),
    };
  });
}

/** Percentiles cannot be added up, so they are told by kind. Null where there was no job. */
export interface Spans {
  readonly start: Date;
  readonly durations: Durations | null;
}

export function spansByPeriod(statistics: Statistics, kind: string, what: 'wait' | 'service'): Spans[] {
  const byStart = groupByStart(statistics.periods.filter((period) => period.kind === kind));
  return starts(statistics).map((start) => {
    const durations = byStart.get(start.getTime())?.[0]?.figures[what] ?? null;
    return { start, durations: durations === null || durations.count === 0 ? null : durations };
  });
}

function groupByStart(periods: readonly Period[]): Map<number, Period[]> {
  const groups = new Map<number, Period[]>();
  for (const period of periods) {
    const group = groups.get(period.start.getTime());
    if (group === undefined) groups.set(period.start.getTime(), [period]);
    else group.push(period);
  }
  return groups;
}

function starts({ from, to, by }: Statistics): Date[] {
  const unit = unitMs[by];
  const all: Date[] = [];
  for (let at = Math.floor(from.getTime() / unit) * unit; at < to.getTime(); at += unit) all.push(new Date(at));
  return all;
}

/** A top of the axis and its steps, in numbers that people like: 1, 2 or 5 times a power of ten. */
export function countTicks(max: number): number[] {
  const step = niceStep(max / 4);
  return Array.from({ length: Math.max(1, Math.ceil(max / step)) + 1 }, (_, index) => index * step);
}

function niceStep(least: number): number {
  if (least <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10);
}

/** The same for spans: steps of clocks above a second. */
const clockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];

export function spanTicks(maxSeconds: number): number[] {
  const least = maxSeconds / 4;
  const step = least < 1 ? niceFraction(least) : (clockSteps.find((one) => one >= least) ?? niceStep(least / 86400) * 86400);
  return Array.from({ length: Math.max(1, Math.ceil(maxSeconds / step - 1e-9)) + 1 }, (_, index) => index * step);
}

function niceFraction(least: number): number {
  if (least <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}

/** Pieces of a line; where nothing is known it is broken, not drawn through zero. */
export function pieces<T>(points: readonly (T | null)[]): T[][] {
  const all: T[][] = [];
  let isOpen = false;
  for (const point of points) {
    if (point !== null && isOpen) all.at(-1)?.push(point);
    else if (point !== null) all.push([point]);
    isOpen = point !== null;
  }
  return all;
}

/** The week's hours by day, as clocks show them that are so many minutes before UTC (as Date tells it). */
export function weekGrid(weekHours: readonly number[], minutesBeforeUtc: number): number[][] {
  const shift = Math.round(minutesBeforeUtc / 60);
  const at = (hour: number): number => weekHours[(hour + shift + hoursOfWeek) % hoursOfWeek] ?? 0;
  return daysOfWeek.map((_, day) => Array.from({ length: hoursOfDay }, (_, hour) => at(day * hoursOfDay + hour)));
}

export const shadesMax = 5;

/** 0 for none at all, else 1 to 5 as a share of the busiest hour. */
export function shade(count: number, busiest: number): number {
  return count === 0 || busiest === 0 ? 0 : Math.max(1, Math.ceil((count / busiest) * shadesMax));
}

/** The busiest hours in words, for those who do not see the grid. */
export function busiestWords(grid: readonly (readonly number[])[]): string {
  const hours = grid.flatMap((counts, day) => counts.map((count, hour) => ({ count, day, hour })));
  const busiest = hours.reduce((most, one) => (one.count > most.count ? one : most), { count: 0, day: 0, hour: 0 });
  if (busiest.count === 0) return 'No job came in this time.';
  const quiet = hours.filter(({ count }) => count === 0).length;
  const rest = quiet === 0 ? 'No hour was without a job.' : `${quiet} of the ${hoursOfWeek} hours had no job.`;
  return `Busiest: ${daysOfWeek[busiest.day]} from ${hourWords(busiest.hour)}, with ${busiest.count} of all jobs. ${rest}`;
}

export function hourWords(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

/** How often a label fits under the columns. */
export function labelEvery(columns: number, width: number, labelWidth: number): number {
  const fitting = Math.max(1, Math.floor(width / labelWidth));
  return [1, 2, 3, 4, 6, 12, 24, 48].find((every) => columns / every <= fitting) ?? columns;
}
