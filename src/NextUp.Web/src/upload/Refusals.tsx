import type { JobBook } from '../jobs/jobBook';
import { isEnded } from '../jobs/jobBook';
import { positionWords } from '../queue/position';
import { jobHref } from '../routes';
import type { Session } from '../users/session';
import type { Job } from '../model';
import type { Refusal } from './submission';

interface Props {
  readonly session: Session;
  readonly book: JobBook;
  readonly refusals: readonly Refusal[];
  readonly sending: boolean;
}

/** What was not taken, why, and the ways on. */
export function Refusals({ session, book, refusals, sending }: Props) {
  if (refusals.length === 0) return null;
  const inTheWay = refusals.filter((one) => one.problem.existingJob !== null);
  const files = inTheWay.map((one) => one.file);
  const existing = inTheWay[0]?.problem.existingJob ?? null;
  const current = existing === null ? null : (book.jobs.get(existing.id)?.job ?? existing);
  return (
    <div class="refusal" role="alert">
      {refusals.map(({ file, problem }) => (
        <p key={file.name}>
          <strong>{file.name}</strong> was not taken. {problem.detail ?? problem.title}
        </p>
      ))}
      {current === null ? null : (
        <p>
          In the way: <a href={jobHref(current.id)}>{current.fileName}</a>, {whereWords(current)}.
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

function whereWords(job: Job): string {
  if (job.state === 'processing') return `running, ${Math.floor(job.progress.percent)} %`;
  if (job.position !== null) return positionWords(job.position).text.toLowerCase();
  return isEnded(job) ? `which has ended (${job.state})` : 'waiting';
}
