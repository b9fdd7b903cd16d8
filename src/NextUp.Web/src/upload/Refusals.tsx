import type { JobBook } from '../jobs/jobBook';
import { isEnded } from '../jobs/jobBook';
import { standingWords } from '../jobs/standing';
import { jobHref } from '../routes';
import type { Session } from '../users/session';
import type { Job } from '../model';
import { counted } from '../words';
import type { Refusal } from './submission';

interface Props {
  readonly session: Session;
  readonly book: JobBook;
  readonly refusals: readonly Refusal[];
  readonly sending: boolean;
  /** Whether the reasons are shown beside the outcomes of the other files already. */
  readonly isBrief: boolean;
}

/** What was not taken, why, and the ways on. */
export function Refusals({ session, book, refusals, sending, isBrief }: Props) {
  if (refusals.length === 0) return null;
  const inTheWay = refusals.filter((one) => one.problem.existingJob !== null);
  const files = inTheWay.map((one) => one.file);
  const existing = inTheWay[0]?.problem.existingJob ?? null;
  const current = existing === null ? null : (book.jobs.get(existing.id)?.job ?? existing);
  return (
    <div class="refusal" role="alert">
      {isBrief ? <p>{counted(refusals.length, 'file was', 'files were')} not taken.</p> : null}
      {(isBrief ? [] : refusals).map(({ file, problem }) => (
        <p key={file.name}>
          <strong>{file.name}</strong> was not taken. {problem.detail ?? problem.title}
        </p>
      ))}
      {current === null ? null : (
        <p>
          In the way: <a href={jobHref(current.id)}>{current.fileName}</a>,{' '}
          {isEnded(current) ? `which has ended (${current.state})` : standingWords(current)}.
        </p>
      )}
      <div class="actions">
        {current === null ? null : <WaysOn session={session} job={current} files={files} sending={sending} />}
        <button type="button" class="quiet" onClick={() => session.draft.dispatch({ type: 'refusals-dismissed' })}>
          Leave it
        </button>
      </div>
    </div>
  );
}

interface WaysOnProps {
  readonly session: Session;
  readonly job: Job;
  readonly files: readonly File[];
  readonly sending: boolean;
}

function WaysOn({ session, job, files, sending }: WaysOnProps) {
  if (isEnded(job)) {
    return (
      <button type="button" class="primary" disabled={sending} onClick={() => void session.submit(files, 'refuse')}>
        Submit now
      </button>
    );
  }
  return (
    <>
      <button type="button" class="primary" disabled={sending} onClick={() => void session.submit(files, 'hold')}>
        Wait in my lane
      </button>
      {job.state === 'pending' ? (
        <button type="button" disabled={sending} onClick={() => void session.submit(files, 'replace')}>
          Replace my waiting job
        </button>
      ) : null}
    </>
  );
}
