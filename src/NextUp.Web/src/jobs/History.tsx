import { jobHref } from '../routes';
import { useNow } from '../store';
import type { Session } from '../users/session';
import type { Job } from '../model';
import { counted, timeWords } from '../words';
import { Downloads } from './Downloads';
import { endedJobs, type JobBook } from './jobBook';
import { resultPlace } from './kindWords';
import { StateBadge } from './StateBadge';

export function History({ session, book }: { session: Session; book: JobBook }) {
  const now = useNow();
  const jobs = endedJobs(book).filter((job) => !book.fresh.has(job.id));
  if (jobs.length === 0 && !book.next && book.historyTrouble === null) return null;
  return (
    <section class="stack" aria-labelledby="history-title">
      <h2 id="history-title">Earlier</h2>
      <ul class="card history">
        {jobs.map((job) => (
          <li key={job.id}>
            <div class="job-name">
              <a href={jobHref(job.id)}>{job.fileName}</a>
              <p class="muted">
                {timeWords(job.acceptedAt, now)}, {outcome(job)}
              </p>
            </div>
            <StateBadge job={job} />
            <div class="actions">{job.state === 'completed' ? <Downloads job={job} /> : null}</div>
          </li>
        ))}
      </ul>
      {book.historyTrouble === null ? null : (
        <p class="trouble">The history could not be read: {book.historyTrouble}</p>
      )}
      {book.next || book.historyTrouble !== null ? (
        <button type="button" onClick={() => void session.moreHistory()}>
          {book.historyTrouble === null ? 'Show more' : 'Try again'}
        </button>
      ) : null}
    </section>
  );
}

function outcome(job: Job): string {
  if (job.state !== 'completed') return job.error ?? job.state;
  if (job.summary === null || resultPlace(job) !== null) return 'done';
  const { enrichedEntries, totalEntries } = job.summary;
  return `${enrichedEntries} of ${counted(totalEntries, 'entry', 'entries')} enriched`;
}
