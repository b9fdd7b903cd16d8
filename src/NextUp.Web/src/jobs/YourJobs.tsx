import type { Session } from '../users/session';
import type { JobId } from '../model';
import { JobCard } from './JobCard';
import { activeJobs, type JobBook, type KnownJob } from './jobBook';

export const yourJobsTitleId = 'your-jobs-title';

/** What runs and waits, and what has ended since the page was opened. */
export function YourJobs({ session, book }: { session: Session; book: JobBook }) {
  const shown = [...freshJobs(book), ...activeJobs(book)];
  if (shown.length === 0) return null;
  return (
    <section class="stack" aria-labelledby={yourJobsTitleId}>
      <h2 id={yourJobsTitleId} tabIndex={-1}>
        Your jobs
      </h2>
      {shown.map((known) => (
        <JobCard
          key={known.job.id}
          known={known}
          session={session}
          lines={book.logs.get(known.job.id) ?? null}
          isLink
        />
      ))}
    </section>
  );
}

function freshJobs(book: JobBook): KnownJob[] {
  return [...book.fresh]
    .map((id: JobId) => book.jobs.get(id))
    .filter((known) => known !== undefined)
    .reverse();
}
