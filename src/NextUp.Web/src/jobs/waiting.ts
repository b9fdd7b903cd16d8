/* Why a job waits, in words: everything that the server says of it, most telling first. */
import { startWords } from '../queue/estimate';
import type { Job } from '../model';
import { capital, sentence, timeWords, whenWords } from '../words';

export interface WaitingWords {
  /** When it starts or goes on; null where that is not known. */
  readonly when: string | null;
  /** What keeps it from starting for now; null where nothing does. */
  readonly kept: string | null;
  /** Why its place got worse; null where it did not. */
  readonly overtaken: string | null;
}

/** @param elapsedSeconds Since the server said the estimate. */
export function waitingWords(job: Job, now: number, elapsedSeconds: number): WaitingWords {
  return {
    when: whenStarts(job, now, elapsedSeconds),
    kept: whatKeeps(job, now),
    overtaken: job.overtaken === null ? null : `Why your place got worse: ${sentence(job.overtaken)}`,
  };
}

function whenStarts(job: Job, now: number, elapsedSeconds: number): string | null {
  if (job.nextAttemptAt !== null && job.position === null) {
    return `${job.error === null ? '' : `${sentence(job.error)} `}Tries again ${whenWords(job.nextAttemptAt, now)}.`;
  }
  if (job.notBefore !== null && job.position === null) {
    return `Joins the line ${whenWords(job.notBefore, now)}, as you asked.`;
  }
  if (job.estimate !== null) return `${capital(startWords(job.estimate, elapsedSeconds))}.`;
  if (job.estimateUnknown === 'learning') return 'No estimate yet: too few jobs have run to learn from.';
  return null;
}

function whatKeeps(job: Job, now: number): string | null {
  if (job.wait === null) return null;
  const { cause, text, until } = job.wait;
  if (cause === 'paused') return `${sentence(text)} Your place is kept.`;
  if (until === null) return sentence(text);
  const here = timeWords(until, now);
  // The window is in the time zone of the server's choice; who lives by another clock is told in theirs.
  return sentence(text.includes(here) ? text : `${text}, ${here} on your clock`);
}
