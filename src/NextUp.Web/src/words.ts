/** Sizes, times and counts as the page writes them. */

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const logTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function timeWords(at: Date, now: number): string {
  const isToday = new Date(now).toDateString() === at.toDateString();
  return isToday ? time.format(at) : day.format(at);
}

/** As a part of a sentence: "at 22:00", or "on 3 May, 22:00". */
export function whenWords(at: Date, now: number): string {
  const isToday = new Date(now).toDateString() === at.toDateString();
  return isToday ? `at ${time.format(at)}` : `on ${day.format(at)}`;
}

/** A clause as a sentence of its own. */
export function sentence(clause: string): string {
  const text = capital(clause);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function logTimeWords(at: Date): string {
  return Number.isNaN(at.getTime()) ? '' : logTime.format(at);
}

/** `counted(1, 'entry', 'entries')` is "1 entry". */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
