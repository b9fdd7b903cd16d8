/* What an operator can do to a job, and what it says before it is done. */
import type { CaredJob } from './model';
import type { JobCare, OperationsApi } from './operationsApi';
import type { Order } from './orders';
import { shortId } from './words';

export const careWords: Readonly<Record<JobCare, string>> = {
  retry: 'Retry',
  cancel: 'Cancel',
  'set-aside': 'Set aside',
  discard: 'Discard',
};

/** What the server would not refuse, the most likely first. */
export function caresOf({ state, setAsideAt }: Pick<CaredJob, 'state' | 'setAsideAt'>): JobCare[] {
  if (state === 'pending' || state === 'processing') return ['cancel'];
  if (state === 'completed') return [];
  return ['retry', setAsideAt === null ? 'set-aside' : 'discard'];
}

export function careOrder(api: OperationsApi, job: Pick<CaredJob, 'id' | 'state'>, care: JobCare): Order {
  const name = `job ${shortId(job.id)}`;
  return {
    title: `${careWords[care]} ${name}?`,
    effects: effectsOf(job, care),
    confirm: `${careWords[care]} the job`,
    isHarsh: care === 'cancel' || care === 'discard',
    act: async () => doneWords(await api.care(job.id, care), care),
  };
}

function effectsOf({ state }: Pick<CaredJob, 'state'>, care: JobCare): string[] {
  switch (care) {
    case 'retry':
      return ['The same job is done again, as its next attempt.', 'Where its user is busy it is held in their lane until they are not.'];
    case 'cancel':
      return [
        state === 'processing'
          ? 'Its work stops within a second, and what was done so far is dropped.'
          : 'It leaves the line, and its place goes to those behind it.',
        'Its user is told that an operator cancelled it.',
      ];
    case 'set-aside':
      return ['It is kept with its evidence, whatever its retention, until someone discards it.', 'Its user cannot retry it meanwhile.'];
    case 'discard':
      return ['It is no longer kept for you: it and its evidence are deleted when its retention is over, which may be now.'];
  }
}

function doneWords(job: CaredJob, care: JobCare): string {
  const name = `Job ${shortId(job.id)}`;
  switch (care) {
    case 'retry':
      return job.isHeld ? `${name} is held in its user's lane.` : `${name} is done again.`;
    case 'cancel':
      return `${name} is cancelled.`;
    case 'set-aside':
      return `${name} is set aside.`;
    case 'discard':
      return `${name} is discarded.`;
  }
}
