import type { Job, JobState } from '../model';

const words: Readonly<Record<JobState, string>> = {
  pending: 'Waiting',
  processing: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export function StateBadge({ job }: { job: Job }) {
  const isRetry = job.state === 'pending' && job.nextAttemptAt !== null;
  const text = job.isHeld ? 'In your lane' : isRetry ? 'Trying again' : words[job.state];
  return <span class={`badge badge-${job.isHeld ? 'held' : job.state}`}>{text}</span>;
}
