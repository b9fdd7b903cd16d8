import { useEffect, useRef, useState } from 'preact/hooks';
import { problemWords } from '../problem';
import type { Session } from '../users/session';
import type { Job } from '../model';

export function CancelJob({ job, session }: { job: Job; session: Session }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" class="danger" aria-label={`Cancel ${job.fileName}`} onClick={() => setAsking(true)}>
        Cancel
      </button>
      {asking ? <Question job={job} session={session} close={() => setAsking(false)} /> : null}
    </>
  );
}

function Question({ job, session, close }: { job: Job; session: Session; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [sent, setSent] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);

  const confirm = async (): Promise<void> => {
    setSent(true);
    try {
      await session.cancel(job.id);
      dialog.current?.close();
    } catch (error) {
      setTrouble(problemWords(error));
      setSent(false);
    }
  };
  const title = `cancel-${job.id}`;
  return (
    <dialog ref={dialog} aria-labelledby={title} onClose={close}>
      <h2 id={title}>Cancel {job.fileName}?</h2>
      <p>
        {job.state === 'processing'
          ? 'Its work stops within a second and what was found so far is dropped.'
          : 'It leaves the line and its place goes to those behind it.'}
      </p>
      {trouble === null ? null : (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
      <div class="actions">
        <button type="button" autofocus onClick={() => dialog.current?.close()}>
          Keep it
        </button>
        <button type="button" class="danger solid" disabled={sent} onClick={() => void confirm()}>
          Cancel the job
        </button>
      </div>
    </dialog>
  );
}
