/* Numbers, spans and times in few words. */

const number = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const bytesPerStep = 1024;
const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export const nothing = '–';

export function countWords(count: number): string {
  return number.format(count);
}

/** For the axis of a chart. */
export function shortCount(count: number): string {
  return short.format(count);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countWords(count)} ${count === 1 ? one : many}`;
}

/** Two units at most: 12 ms, 4.2 s, 3 min 20 s, 2 h 5 min, 3 d 4 h. */
export function spanWords(seconds: number | null): string {
  if (seconds === null) return nothing;
  if (seconds === 0) return '0 s';
  if (seconds < 0.0995) return `${trim(seconds * 1000, seconds < 0.00995 ? 1 : 0)} ms`;
  if (seconds < 9.95) return `${trim(seconds, 1)} s`;
  if (seconds < minute - 0.5) return `${Math.round(seconds)} s`;
  if (seconds < hour - 0.5) return two(Math.round(seconds), 60, 'min', 's');
  if (seconds < day - minute / 2) return two(Math.round(seconds / minute), 60, 'h', 'min');
  return two(Math.round(seconds / hour), 24, 'd', 'h');
}

function two(amount: number, size: number, large: string, small: string): string {
  const rest = amount % size;
  const whole = Math.floor(amount / size);
  return rest === 0 ? `${whole} ${large}` : `${whole} ${large} ${rest} ${small}`;
}

export function agoWords(at: Date, now: Date): string {
  const seconds = (now.getTime() - at.getTime()) / 1000;
  if (seconds < 5) return 'just now';
  if (seconds < hour) return seconds < minute ? `${Math.floor(seconds)} s ago` : `${Math.floor(seconds / minute)} min ago`;
  return seconds < day ? `${Math.floor(seconds / hour)} h ago` : plural(Math.floor(seconds / day), 'day') + ' ago';
}

export function bytesWords(bytes: number): string {
  let step = 0;
  let rest = bytes;
  while (rest >= bytesPerStep - 0.5 && step < byteUnits.length - 1) {
    rest /= bytesPerStep;
    step++;
  }
  return `${rest < 9.95 && step > 0 ? trim(rest, 1) : number.format(Math.round(rest))} ${byteUnits[step] ?? ''}`;
}

/** 0.934 is 93 %; what is nearly all or nearly nothing keeps a digit, so that it does not look like all or nothing. */
export function shareWords(share: number | null): string {
  if (share === null) return nothing;
  const percent = share * 100;
  const isEdge = (percent > 99 && percent < 100) || (percent > 0 && percent < 1);
  return `${isEdge ? trim(percent, 1) : Math.round(percent)} %`;
}

/** The last part of an id: the first parts are its time and are the same for neighbours. */
export function shortId(id: string): string {
  return id.slice(-8);
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
