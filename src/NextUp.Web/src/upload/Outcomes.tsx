import type { JobBook } from '../jobs/jobBook';
import { standingWords } from '../jobs/standing';
import { jobHref } from '../routes';
import type { Session } from '../users/session';
import { counted } from '../words';
import type { Outcome } from './submission';

interface Props {
  readonly session: Session;
  readonly book: JobBook;
  readonly outcomes: readonly Outcome[];
}

/** What became of each file of several. */
export function Outcomes({ session, book, outcomes }: Props) {
  if (outcomes.length === 0) return null;
  const taken = outcomes.filter((one) => one.job !== null).length;
  return (
    <section class="outcomes" aria-label="What became of your files">
      <p role="status">
        <strong>
          {taken} of {counted(outcomes.length, 'file', 'files')} taken
        </strong>
      </p>
      <ul>
        {outcomes.map((outcome, index) => (
          <li key={index}>
            <OutcomeLine book={book} outcome={outcome} />
          </li>
        ))}
      </ul>
      <button type="button" class="quiet" onClick={() => session.draft.dispatch({ type: 'outcomes-dismissed' })}>
        Got it
      </button>
    </section>
  );
}

function OutcomeLine({ book, outcome }: { book: JobBook; outcome: Outcome }) {
  const { fileName, job, problem } = outcome;
  if (job === null) {
    return (
      <>
        <strong>{fileName}</strong> <span class="trouble">was not taken. {problem?.detail ?? problem?.title}</span>
      </>
    );
  }
  const current = book.jobs.get(job.id)?.job ?? job;
  return (
    <>
      <a href={jobHref(job.id)}>{fileName}</a> <span class="muted">{standingWords(current)}</span>
    </>
  );
}
