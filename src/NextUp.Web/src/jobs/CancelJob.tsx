import { useState } from 'preact/hooks';
import { Confirm } from '../Confirm';
import type { Session } from '../users/session';
import type { Job } from '../model';

export function CancelJob({ job, session }: { job: Job; session: Session }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" class="danger" aria-label={`Cancel ${job.fileName}`} onClick={() => setAsking(true)}>
        Cancel
      </button>
      {asking ? (
        <Confirm
          id={`cancel-${job.id}`}
          title={`Cancel ${job.fileName}?`}
          keep="Keep it"
          act="Cancel the job"
          work={() => session.cancel(job.id)}
          close={() => setAsking(false)}
        >
          {job.state === 'processing'
            ? 'Its work stops within a second and what was found so far is dropped.'
            : 'It leaves the line and its place goes to those behind it.'}
        </Confirm>
      ) : null}
    </>
  );
}
