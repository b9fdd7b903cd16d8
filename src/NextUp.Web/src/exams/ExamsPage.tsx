import { KindsNav } from '../KindsNav';
import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../api';
import type { Me } from '../model';
import { problemWords } from '../problem';
import { PaperReview } from './PaperReview';
import { PapersList } from './PapersList';
import { PaperUpload } from './PaperUpload';

/** Exam papers, for administrators: hand in many at once, see them read, mend what was read. */
export function ExamsPage({ api }: { api: Api }) {
  const [me, setMe] = useState<Me | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [paper, setPaper] = useState(paperOfAddress());
  const [sent, setSent] = useState(0);
  useEffect(() => {
    api.me().then(setMe, (error: unknown) => setTrouble(problemWords(error)));
    const read = (): void => setPaper(paperOfAddress());
    addEventListener('popstate', read);
    addEventListener('hashchange', read);
    return () => {
      removeEventListener('popstate', read);
      removeEventListener('hashchange', read);
    };
  }, []);

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
        <KindsNav current="exams" isAdministrator={me?.role === 'administrator'} />
        <a class="who" href="/you">
          {me?.name ?? 'You'}
        </a>
      </header>
      <main id="main" tabIndex={-1}>
        {me === null ? (
          <p class={trouble === null ? 'muted' : 'trouble'}>{trouble ?? 'Asking the server'}</p>
        ) : me.role !== 'administrator' ? (
          <NotForYou />
        ) : paper !== null ? (
          <PaperReview key={paper} api={api} id={paper} />
        ) : (
          <div class="stack">
            <h1 tabIndex={-1}>Exam papers</h1>
            <PaperUpload api={api} sent={() => setSent((count) => count + 1)} />
            <PapersList api={api} sent={sent} />
          </div>
        )}
      </main>
    </>
  );
}

function NotForYou() {
  return (
    <section class="card panel">
      <h1 tabIndex={-1}>For administrators</h1>
      <p>
        Exam papers are handed in and seen by administrators. <a href="/you#sign-in">Sign in</a> with an administrator's
        token; <code>nextup token --user NAME --role administrator</code> makes one.
      </p>
    </section>
  );
}

function paperOfAddress(): string | null {
  const match = /^#paper=(.+)$/.exec(location.hash);
  return match?.[1] === undefined ? null : decodeURIComponent(match[1]);
}
