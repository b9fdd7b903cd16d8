import { useEffect, useState } from 'preact/hooks';
import type { JobBook } from '../jobs/jobBook';
import { KindsNav } from '../KindsNav';
import { ConnectionState } from '../live/ConnectionState';
import type { Me } from '../model';
import { useStore } from '../store';
import type { Session } from '../users/session';
import { SessionEnded } from '../users/SessionEnded';
import { PaperReview } from './PaperReview';
import { PapersList } from './PapersList';
import { PaperUpload } from './PaperUpload';

/** Exam papers, for administrators: hand in many at once, see them read, mend what was read. */
export function ExamsPage({ session }: { session: Session }) {
  const book = useStore(session.book);
  const paper = usePaperOfAddress();
  useEffect(() => {
    if (paper === null) document.title = 'NextUp exam papers';
  }, [paper]);
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
        <KindsNav current="exams" isAdministrator={book.me?.role === 'administrator'} />
        <ConnectionState connection={book.connection} retry={() => session.wake()} />
        <a class="who" href="/you">
          {book.me?.name ?? 'You'}
        </a>
      </header>
      <main id="main" tabIndex={-1}>
        <SessionEnded session={session} />
        <Content key={`${book.me?.kind} ${book.me?.name}`} session={session} book={book} paper={paper} />
      </main>
    </>
  );
}

function Content({ session, book, paper }: { session: Session; book: JobBook; paper: string | null }) {
  if (book.me === null) {
    return (
      <>
        <h1 tabIndex={-1}>Exam papers</h1>
        <p class="muted">Asking the server</p>
      </>
    );
  }
  if (book.me.role !== 'administrator') return <NotForYou me={book.me} />;
  const jobs = [...book.jobs.values()].filter(({ job }) => job.kind === 'exams');
  if (paper !== null) return <PaperReview key={paper} session={session} jobs={jobs} id={paper} />;
  return (
    <div class="stack">
      <h1 tabIndex={-1}>Hand in exam papers, get their questions</h1>
      <PaperUpload session={session} />
      <PapersList session={session} jobs={jobs} />
    </div>
  );
}

function NotForYou({ me }: { me: Me }) {
  return (
    <section class="card panel">
      <h1 tabIndex={-1}>For administrators</h1>
      <p>
        Exam papers are handed in and seen by administrators.{' '}
        {me.kind === 'account' ? `You are ${me.name ?? 'somebody'} with the role ${me.role}.` : ''}
      </p>
      {me.signInPath === null ? null : (
        <p>
          <a class="button primary" href={`${me.signInPath}?return=/exams`}>
            Sign in
          </a>
        </p>
      )}
      <p class="muted">
        With a token one signs in at <a href="/you#sign-in">You</a>; on the server,{' '}
        <code>nextup token --user NAME --role administrator</code> prints one.
      </p>
    </section>
  );
}

function usePaperOfAddress(): string | null {
  const [paper, setPaper] = useState(paperOfAddress());
  useEffect(() => {
    const read = (): void => {
      setPaper(paperOfAddress());
      scrollTo(0, 0);
      // What is shown now begins at its heading for those who read by ear or move by keyboard.
      setTimeout(() => document.querySelector<HTMLElement>('h1')?.focus(), 0);
    };
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  return paper;
}

function paperOfAddress(): string | null {
  const match = /^#paper=(.+)$/.exec(location.hash);
  return match?.[1] === undefined ? null : decodeURIComponent(match[1]);
}
