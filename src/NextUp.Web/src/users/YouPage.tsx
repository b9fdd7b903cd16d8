import { useEffect, useState } from 'preact/hooks';
import type { JobBook } from '../jobs/jobBook';
import { Notices } from '../notices/Notices';
import { Trouble } from '../Trouble';
import { useStore } from '../store';
import { useAction } from '../useAction';
import type { Me } from '../model';
import { Keys } from './Keys';
import type { Session } from './session';
import { SignIn } from './SignIn';
import { leftBehindWords, readSignInAnswer, type SignInAnswer } from './signInAnswer';
import { isOperator } from './UserCard';

/** Who you are, how you are told, and what acts in your name. */
export function YouPage({ session, book }: { session: Session; book: JobBook }) {
  const { me } = book;
  const [answer] = useState(() => readSignInAnswer(location.search));
  useEffect(() => {
    // Told once: a reload, or a copied address, says nothing of it.
    if (location.search !== '') history.replaceState(null, '', location.pathname + location.hash);
  }, []);
  const user = me === null ? null : `${me.kind} ${me.name ?? ''}`;
  useEffect(() => {
    // What the address names is not there before the server has said who we are.
    if (user !== null) document.querySelector(`#${location.hash.slice(1) || 'none'}`)?.scrollIntoView();
  }, [user]);
  return (
    <div class="stack narrow">
      <p>
        <a href="/">All your jobs</a>
      </p>
      <h1 tabIndex={-1}>You</h1>
      {me === null ? (
        <p class="muted">Asking the server</p>
      ) : (
        <>
          <Who session={session} me={me} answer={answer} />
          <Notices key={user} api={session.api} me={me} />
          {me.kind === 'account' ? <Keys key={user} api={session.api} me={me} /> : null}
        </>
      )}
    </div>
  );
}

function Who({ session, me, answer }: { session: Session; me: Me; answer: SignInAnswer }) {
  return (
    <section class="card panel" id="sign-in" aria-labelledby="who-title">
      {me.kind === 'account' ? (
        <Account session={session} me={me} leftBehindThere={answer.leftBehind} />
      ) : (
        <Visitor session={session} me={me} trouble={answer.trouble} />
      )}
    </section>
  );
}

function Visitor({ session, me, trouble }: { session: Session; me: Me; trouble: string | null }) {
  return (
    <>
      <h2 id="who-title" tabIndex={-1}>
        You are a visitor
      </h2>
      <p class="muted">
        A cookie of this browser remembers your jobs. Sign in, and they move to your account, where you find them from
        any browser.
      </p>
      <Trouble text={trouble} />
      <SignIn session={session} path={me.signInPath} />
    </>
  );
}

function Account({ session, me, leftBehindThere }: { session: Session; me: Me; leftBehindThere: number }) {
  const action = useAction();
  const leftBehind = useStore(session.leftBehind);
  return (
    <>
      <h2 id="who-title" tabIndex={-1}>
        Signed in as {me.name ?? 'your account'}
      </h2>
      <p class="muted">
        {me.role === 'user' ? '' : `You are ${/^[aeo]/.test(me.role) ? 'an' : 'a'} ${me.role}. `}
        Your jobs and results are kept with your account. Who signs out is a visitor again, and sees none of them.
      </p>
      {leftBehindThere === 0 ? null : (
        <p class="notice" role="status">
          {leftBehindWords(leftBehindThere)}
        </p>
      )}
      {leftBehind.length === 0 ? null : (
        <div class="notice" role="status">
          <p>Your jobs came along. These ways to tell you did not:</p>
          <ul>
            {leftBehind.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </div>
      )}
      <Trouble text={action.trouble} />
      <div class="actions">
        <button type="button" disabled={action.isBusy} onClick={() => void action.run(() => session.signOut())}>
          Sign out
        </button>
        {isOperator(me) ? <a href="/operations">The operators' page</a> : null}
        {me.role === 'administrator' ? <a href="/exams">Exam papers</a> : null}
      </div>
    </>
  );
}
