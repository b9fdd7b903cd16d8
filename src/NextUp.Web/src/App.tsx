import { useEffect, useState } from 'preact/hooks';
import { DocumentsPage } from './documents/DocumentsPage';
import { announce, silent } from './jobs/announcements';
import { activeJobs, type JobBook } from './jobs/jobBook';
import { History } from './jobs/History';
import { JobPage } from './jobs/JobPage';
import { YourJobs } from './jobs/YourJobs';
import { KindsNav } from './KindsNav';
import { ConnectionState } from './live/ConnectionState';
import { titleWords } from './queue/position';
import { QueueBoard } from './queue/QueueBoard';
import { useRoute, youHref } from './routes';
import { useStore } from './store';
import { TablesPage } from './tables/TablesPage';
import { UploadPanel } from './upload/UploadPanel';
import type { Session } from './users/session';
import { SessionEnded } from './users/SessionEnded';
import { UserCard } from './users/UserCard';
import { YouPage } from './users/YouPage';

export function App({ session }: { session: Session }) {
  const book = useStore(session.book);
  const route = useRoute();
  const user = `${book.me?.kind} ${book.me?.name}`;

  useEffect(() => {
    const known = route.page === 'job' ? book.jobs.get(route.id)?.job : undefined;
    const jobs = activeJobs(book).map(({ job }) => job);
    document.title = titleWords(known === undefined ? jobs : [known]);
  }, [book, route]);

  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href="/">
          <img src="/icon.svg" alt="" width="28" height="28" />
          NextUp
        </a>
        <KindsNav current={route.page} isAdministrator={book.me?.role === 'administrator'} />
        <ConnectionState connection={book.connection} retry={() => session.wake()} />
        <a class="who" href={youHref} aria-current={route.page === 'you' ? 'page' : undefined}>
          {book.me?.name ?? 'You'}
        </a>
      </header>
      <main id="main" tabIndex={-1}>
        <SessionEnded session={session} />
        {route.page === 'home' ? <Home session={session} book={book} /> : null}
        {route.page === 'you' ? <YouPage session={session} book={book} /> : null}
        {route.page === 'documents' ? <DocumentsPage key={user} session={session} book={book} /> : null}
        {route.page === 'tables' ? <TablesPage key={user} session={session} book={book} /> : null}
        {route.page === 'job' ? <JobPage key={route.id} id={route.id} session={session} book={book} /> : null}
      </main>
      <Announcements key={user} book={book} />
    </>
  );
}

function Home({ session, book }: { session: Session; book: JobBook }) {
  return (
    <div class="columns">
      <div class="stack">
        <h1 tabIndex={-1}>Hand in a bibliography, get it back complete</h1>
        <UploadPanel session={session} book={book} />
        <YourJobs session={session} book={book} />
        <History session={session} book={book} />
      </div>
      <aside class="stack" aria-label="The line and you">
        <QueueBoard queue={book.queue} />
        <UserCard me={book.me} />
      </aside>
    </div>
  );
}

/** Reads out what changed, politely and not often. */
function Announcements({ book }: { book: JobBook }) {
  const [announcer, setAnnouncer] = useState(silent);
  useEffect(() => {
    const jobs = [...book.jobs.values()].map(({ job }) => job);
    setAnnouncer((before) => announce(before, jobs, Date.now()));
  }, [book.jobs]);
  return (
    <p class="unseen" role="status" aria-live="polite">
      {announcer.text}
    </p>
  );
}
