import { positionWords } from '../queue/position';
import type { Job } from '../model';

/** Where a job is, in a clause: "running, 25 %", "next up", "waits in your lane". */
export function standingWords(job: Job): string {
  if (job.state === 'processing') return `running, ${Math.floor(job.progress.percent)} %`;
  if (job.state !== 'pending') return job.state;
  if (job.isHeld) return 'waits in your lane';
  if (job.position !== null) return positionWords(job.position).text.toLowerCase();
  return job.notBefore === null ? 'waiting' : 'for later';
}
