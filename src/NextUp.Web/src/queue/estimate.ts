import type { Estimate } from '../model';

const soonSeconds = 5;
const secondsShownBelow = 90;
const minutesShownBelow = 90 * 60;

/** The expected start as a range in words. `elapsedSeconds` is the time since the server said it. */
export function startWords(estimate: Estimate, elapsedSeconds: number): string {
  const from = Math.max(0, estimate.p50Seconds - elapsedSeconds);
  const to = Math.max(from, estimate.p90Seconds - elapsedSeconds);
  if (to <= soonSeconds) return 'starts any moment now';
  const high = amount(to);
  if (from <= soonSeconds) return `starts within ${words(high)}`;

  const low = amount(from);
  if (words(low) === words(high)) return `starts in about ${words(low)}`;
  return low.unit === high.unit
    ? `starts in ${low.count} to ${words(high)}`
    : `starts in ${words(low)} to ${words(high)}`;
}

interface Amount {
  readonly count: number;
  readonly unit: string;
}

function amount(seconds: number): Amount {
  if (seconds < secondsShownBelow) return { count: roundedSeconds(seconds), unit: 'second' };
  if (seconds < minutesShownBelow) return { count: Math.round(seconds / 60), unit: 'minute' };
  return { count: Math.round(seconds / 360) / 10, unit: 'hour' };
}

function words({ count, unit }: Amount): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** An estimate to the second would promise more than it knows. */
function roundedSeconds(seconds: number): number {
  return seconds < 20 ? Math.ceil(seconds) : Math.ceil(seconds / 5) * 5;
}

/** A span that has passed, for example "1 min 05 s". */
export function spanWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}
