/* What a screen reader is told. A change of state is said at once; a place in line or a percentage changes often, so
   it is said at most every quarter of a minute and every quarter of the way. */
import { positionWords } from '../queue/position';
import { isEnded } from './jobBook';
import type { Job, JobId } from '../model';

export const quietMs = 15_000;

interface Said {
  readonly state: string;
  readonly position: number | null;
  readonly quarter: number;
  readonly at: number;
}

export interface Announcer {
  readonly said: ReadonlyMap<JobId, Said>;
  readonly text: string;
}

export const silent: Announcer = { said: new Map(), text: '' };

/** Takes the jobs as they are now and gives what there is to say, if anything. */
export function announce(announcer: Announcer, jobs: readonly Job[], now: number): Announcer {
  const said = new Map(announcer.said);
  const texts: string[] = [];
  for (const job of jobs) {
    const before = said.get(job.id);
    // A job that ended before this page knew it is history, not news.
    if (before === undefined && isEnded(job)) continue;
    const current = { state: stateOf(job), position: job.position, quarter: quarterOf(job), at: now };
    if (before !== undefined && !isWorthSaying(before, current)) continue;
    said.set(job.id, current);
    texts.push(words(job));
  }
  return texts.length === 0 ? announcer : { said, text: texts.join(' ') };
}

function isWorthSaying(before: Said, current: Said): boolean {
  if (before.state !== current.state) return true;
  if (before.quarter !== current.quarter) return true;
  return before.position !== current.position && current.at - before.at >= quietMs;
}

function stateOf(job: Job): string {
  return job.isHeld ? 'held' : job.state;
}

function quarterOf(job: Job): number {
  return job.state === 'processing' ? Math.floor(job.progress.percent / 25) : 0;
}

function words(job: Job): string {
  switch (job.state) {
    case 'pending':
      if (job.isHeld) return `${job.fileName} waits for ${job.waitsFor ?? 'your other job'}.`;
      if (job.position === null) return `${job.fileName} is waiting.`;
      return `${job.fileName}: ${spoken(job.position)}.`;
    case 'processing':
      return `${job.fileName}: ${Math.floor(job.progress.percent)} percent.`;
    case 'completed':
      return `${job.fileName} is done.`;
    case 'failed':
      return `${job.fileName} failed. ${job.error ?? ''}`;
    case 'cancelled':
      return `${job.fileName} was cancelled.`;
  }
}

function spoken(position: number): string {
  const { text, ahead } = positionWords(position);
  return ahead === null ? text : `${text} ${ahead}`;
}
