const delayFirstMs = 500;
const delayMaxMs = 30_000;

/**
 * How long to wait before reconnecting for the n-th time (from 0): doubling, at most half a minute, and spread over
 * its upper half so that the pages of a restarted server do not all return in the same moment.
 */
export function reconnectDelayMs(attempt: number, random: () => number): number {
  const full = Math.min(delayMaxMs, delayFirstMs * 2 ** Math.min(attempt, 10));
  return Math.round(full * (0.5 + random() / 2));
}
