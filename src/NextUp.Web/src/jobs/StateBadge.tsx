import type { Job, JobState } from '../model';

const words: Readonly<Record<JobState, string>> = {
  pending: 'Waiting',
  processing: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export function StateBadge({ job }: { job: Job }) {
  const text = job.state === 'pending' ? pendingWords(job) : words[job.state];
  return <span class={`badge badge-${job.isHeld ? 'held' : job.state}`}>{text}</span>;
}

function pendingWords(job: Job): string {
  if (job.isHeld) return 'In your lane';
  if (job.wait?.cause === 'paused') return 'Paused';
  if (job.nextAttemptAt !== null) return 'Trying again';
  return job.notBefore === null ? words.pending : 'For later';
}
