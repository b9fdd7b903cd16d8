import { useState } from 'preact/hooks';
import type { JobBook } from '../jobs/jobBook';
import { yourJobsTitleId } from '../jobs/YourJobs';
import { useStore } from '../store';
import type { Session } from '../users/session';
import { counted } from '../words';
import { DropZone } from './DropZone';
import { FilePreview } from './FilePreview';
import { Outcomes } from './Outcomes';
import { Refusals } from './Refusals';
import { filesMax, fitFiles, type Draft } from './submission';
import { SubmissionOptions } from './SubmissionOptions';

export function UploadPanel({ session, book }: { session: Session; book: JobBook }) {
  const draft = useStore(session.draft);
  const kind = useStore(session.kind);
  const [sentByHand, setSentByHand] = useState(false);
  const submit = async (): Promise<void> => {
    setSentByHand(true);
    await session.submit();
    setSentByHand(false);
    // The button is gone with the files it sent: go on where they went.
    if (session.draft.state.files.length === 0) document.getElementById(yourJobsTitleId)?.focus();
  };
  return (
    <section class="card upload" aria-labelledby="upload-title">
      <h2 id="upload-title" class="unseen">
        Upload
      </h2>
      <DropZone isSmall={draft.files.length > 0} choose={(files) => session.choose(files)} />
      <Outcomes session={session} book={book} outcomes={draft.outcomes} />
      <Refusals
        session={session}
        book={book}
        refusals={draft.refusals}
        sending={draft.sending}
        isBrief={draft.outcomes.length > 0}
      />
      {draft.tooMany > 0 ? (
        <p class="trouble" role="alert">
          {counted(draft.tooMany, 'file was', 'files were')} left out: {filesMax} files can be handed in at once.
        </p>
      ) : null}
      {draft.files.length === 0 ? null : (
        <>
          <ul class="chosen" aria-label="Chosen files">
            {draft.files.map((one) => (
              <FilePreview
                key={one.key}
                chosen={one}
                isOpen={draft.files.length === 1}
                remove={() => session.draft.dispatch({ type: 'removed', key: one.key })}
              />
            ))}
          </ul>
          <SubmissionOptions draft={draft} kind={kind} change={(change) => session.draft.dispatch(change)} />
          <Send draft={draft} sending={draft.sending && sentByHand} submit={() => void submit()} />
        </>
      )}
    </section>
  );
}

function Send({ draft, sending, submit }: { draft: Draft; sending: boolean; submit: () => void }) {
  const count = fitFiles(draft).length;
  return (
    <>
      {draft.trouble === null ? null : (
        <p class="trouble" role="alert">
          {draft.trouble} Nothing is lost: submit again, and the same files never make two jobs.
        </p>
      )}
      <div class="actions">
        <button type="button" class="primary" disabled={count === 0 || draft.sending} onClick={submit}>
          {sending ? 'Submitting' : count > 1 ? `Submit ${count} files` : 'Submit'}
        </button>
      </div>
    </>
  );
}
