import { useState } from 'preact/hooks';
import type { Access, Desk } from './desk';
import { Fault } from './SteeringPanel';

/** What everyone else sees: nothing of the queue, and how to come in. */
export function SignIn({ desk, access }: { desk: Desk; access: Extract<Access, { state: 'out' }> }) {
  const [token, setToken] = useState('');
  const [checking, setChecking] = useState(false);
  const { who, trouble } = access;
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (token.trim() === '') return;
    setChecking(true);
    await desk.signIn(token.trim());
    setChecking(false);
  };
  return (
    <section class="card gate" aria-labelledby="gate-title">
      <h1 id="gate-title" tabIndex={-1}>
        For operators
      </h1>
      <p>
        This page shows the queue at work and steers it. It takes the role <em>operator</em>; settings and the log of
        what was done take <em>administrator</em>.
        {who === null || who.role === 'user' ? '' : ` You are ${who.name} with the role ${who.role}.`}
      </p>
      {who?.signInPath == null ? null : (
        <p>
          <a class="button primary" href={`${who.signInPath}?return=/operations`}>
            Sign in
          </a>
        </p>
      )}
      <form class="fields" aria-label="Sign in with a token" onSubmit={(event) => void submit(event)}>
        <label for="token">Your token</label>
        <input
          id="token"
          type="password"
          autocomplete="off"
          value={token}
          aria-invalid={trouble !== null}
          aria-describedby={trouble === null ? 'token-hint' : 'token-hint token-fault'}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <p id="token-hint" class="hint">
          On the server, <code>nextup token --user NAME --role operator</code> prints one. It is kept until you close this
          tab.
        </p>
        <Fault id="token-fault" text={trouble} />
        <button type="submit" class="primary" disabled={checking || token.trim() === ''}>
          {checking ? 'Checking' : 'Sign in'}
        </button>
      </form>
    </section>
  );
}
