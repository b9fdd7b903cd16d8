import { useEffect, useState } from 'preact/hooks';
import { Problem, problemWords } from '../problem';
import type { Session } from '../users/session';
import type { Job, JobId, LogLine } from '../model';
import { Changes } from './Changes';
import { Findings } from './Findings';
import { JobCard } from './JobCard';
import type { JobBook } from './jobBook';
import { resultPlace } from './kindWords';
import { LiveLog } from './LiveLog';
import { Tabs } from './Tabs';

/** One job with all that it found. */
export function JobPage({ id, session, book }: { id: JobId; session: Session; book: JobBook }) {
  const known = book.jobs.get(id);
  const user = book.me === null ? null : `${book.me.kind} ${book.me.name ?? ''}`;
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    if (user === null) return;
    setTrouble(null);
    session.read(id).catch((error: unknown) => setTrouble(notFoundWords(error)));
  }, [id, user]);
  useEffect(() => () => session.book.dispatch({ type: 'seen', id }), [id]);

  return (
    <div class="stack">
      <p>
        <a href="/">All your jobs</a>
      </p>
      {known === undefined ? (
        <p class={trouble === null ? 'muted' : 'trouble'}>{trouble ?? 'Reading the job'}</p>
      ) : (
        <>
          <JobCard known={known} session={session} lines={book.logs.get(id) ?? null} />
          <Details job={known.job} session={session} lines={book.logs.get(id) ?? []} />
        </>
      )}
    </div>
  );
}

function Details({ job, session, lines }: { job: Job; session: Session; lines: readonly LogLine[] }) {
  const log = { name: 'Log', content: () => <LiveLog job={job} session={session} lines={lines} /> };
  if (job.state === 'pending' && lines.length === 0) return null;
  if (job.state !== 'completed' || resultPlace(job) !== null) return <Tabs label="About this job" tabs={[log]} />;
  return (
    <Tabs
      label="About this job"
      tabs={[
        { name: 'What was found', content: () => <Findings job={job} session={session} /> },
        { name: 'Changes', content: () => <Changes id={job.id} session={session} /> },
        log,
      ]}
    />
  );
}

function notFoundWords(error: unknown): string {
  if (error instanceof Problem && error.status === 404) {
    return 'There is no such job among yours. It may belong to your account: sign in and look again.';
  }
  return problemWords(error);
}
