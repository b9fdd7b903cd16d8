import { useState } from 'preact/hooks';
import type { AgainWish } from '../api';
import { Problem } from '../problem';
import { jobHref } from '../routes';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import type { Session } from '../users/session';
import type { Job } from '../model';
import { standingWords } from './standing';

interface Props {
  readonly job: Job;
  readonly session: Session;
  readonly wish: AgainWish;
  readonly name: string;
  /** Where the name alone does not say which job. */
  readonly label?: string;
  readonly isPrimary?: boolean;
  readonly done?: () => void;
}

/** Makes a new job over an earlier one, and says which one it is. */
export function Again({ job, session, wish, name, label, isPrimary = false, done }: Props) {
  const action = useAction();
  const [made, setMade] = useState<Job | null>(null);
  const [inTheWay, setInTheWay] = useState<Job | null>(null);
  const run = (whenBusy?: 'hold'): Promise<boolean> =>
    action.run(async () => {
      setInTheWay(null);
      try {
        setMade(await session.again(job.id, whenBusy === undefined ? wish : { ...wish, whenBusy }));
        done?.();
      } catch (error) {
        if (error instanceof Problem) setInTheWay(error.existingJob);
        throw error;
      }
    });
  return (
    <div class="again">
      <div class="actions">
        <button
          type="button"
          class={isPrimary ? 'primary' : ''}
          aria-label={label}
          disabled={action.isBusy}
          onClick={() => void run()}
        >
          {name}
        </button>
        {inTheWay === null ? null : (
          <button type="button" disabled={action.isBusy} onClick={() => void run('hold')}>
            Wait in my lane
          </button>
        )}
      </div>
      <Trouble text={action.trouble} />
      {inTheWay === null ? null : (
        <p>
          In the way: <a href={jobHref(inTheWay.id)}>{inTheWay.fileName}</a>, {standingWords(inTheWay)}.
        </p>
      )}
      <p role="status" class={made === null ? 'unseen' : ''}>
        {made === null ? null : (
          <>
            It is a new job: <a href={jobHref(made.id)}>{made.fileName}</a>, {standingWords(made)}.
          </>
        )}
      </p>
    </div>
  );
}
