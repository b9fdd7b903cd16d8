import { useState } from 'preact/hooks';
import { useStore } from '../store';
import type { Me } from '../model';
import type { Session } from './session';

export function UserCard({ session, me }: { session: Session; me: Me | null }) {
  const token = useStore(session.token);
  return (
    <section class="card" aria-labelledby="user-title">
      {me?.kind === 'account' ? (
        <>
          <h2 id="user-title">Signed in as {me.name ?? 'your account'}</h2>
          <p class="muted">Your jobs and results are kept with your account.</p>
          <button type="button" onClick={() => session.signOut()}>
            Sign out
          </button>
        </>
      ) : (
        <>
          <h2 id="user-title">You are a visitor</h2>
          <p class="muted">
            No account is needed. A cookie of this browser remembers your jobs; sign in to keep your results with your
            account.
          </p>
          <details class="sign-in-box" open={token.trouble !== null}>
            <summary>Sign in with a token</summary>
            <SignIn session={session} checking={token.checking} trouble={token.trouble} />
          </details>
        </>
      )}
    </section>
  );
}

function SignIn({ session, checking, trouble }: { session: Session; checking: boolean; trouble: string | null }) {
  const [token, setToken] = useState('');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (token.trim() !== '') void session.signIn(token.trim());
  };
  return (
    <form class="sign-in" onSubmit={submit}>
      <label for="token">Your token</label>
      <input
        id="token"
        type="password"
        autocomplete="off"
        value={token}
        aria-describedby={trouble === null ? 'token-hint' : 'token-hint token-trouble'}
        aria-invalid={trouble !== null}
        onInput={(event) => setToken(event.currentTarget.value)}
      />
      <p id="token-hint" class="hint">
        Whoever runs this server makes one with <code>nextup token --user NAME</code>. It is kept until you close this
        tab.
      </p>
      {trouble === null ? null : (
        <p id="token-trouble" class="trouble" role="alert">
          {trouble}
        </p>
      )}
      <button type="submit" disabled={checking || token.trim() === ''}>
        {checking ? 'Checking' : 'Sign in'}
      </button>
    </form>
  );
}
