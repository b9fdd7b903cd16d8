import { useState } from 'preact/hooks';
import { Field } from '../Field';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import type { Session } from './session';

/** Sign in with the authority, where there is one, or with a token. */
export function SignIn({ session, path }: { session: Session; path: string | null }) {
  return (
    <>
      {path === null ? null : (
        <a class="button primary" href={`${path}?return=/you`}>
          Sign in
        </a>
      )}
      <details class="sign-in-box" open={path === null}>
        <summary>Sign in with a token</summary>
        <TokenForm session={session} />
      </details>
    </>
  );
}

function TokenForm({ session }: { session: Session }) {
  const [token, setToken] = useState('');
  const action = useAction();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (token.trim() !== '') void action.run(() => session.signIn(token.trim()));
  };
  return (
    <form class="form" onSubmit={submit}>
      <Field
        label="Your token"
        hintId="token-hint"
        hint={
          <>
            Whoever runs this server makes one with <code>nextup token --user NAME</code>.
          </>
        }
      >
        <input
          type="password"
          autocomplete="off"
          value={token}
          aria-describedby={action.trouble === null ? 'token-hint' : 'token-hint token-trouble'}
          aria-invalid={action.trouble !== null}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
      </Field>
      <Trouble id="token-trouble" text={action.trouble} />
      <div class="actions">
        <button type="submit" disabled={action.isBusy || token.trim() === ''}>
          {action.isBusy ? 'Signing in' : 'Sign in'}
        </button>
      </div>
    </form>
  );
}
