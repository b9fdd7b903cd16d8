import type { Me } from '../model';
import { youHref } from '../routes';

/** Who you are, in short, and the way to all that concerns you. */
export function UserCard({ me }: { me: Me | null }) {
  const isAccount = me?.kind === 'account';
  return (
    <section class="card" aria-labelledby="user-title">
      <h2 id="user-title">{isAccount ? `Signed in as ${me.name ?? 'your account'}` : 'You are a visitor'}</h2>
      <p class="muted">
        {isAccount
          ? 'Your jobs and results are kept with your account.'
          : 'No account is needed: a cookie of this browser remembers your jobs. Sign in to keep the results: your ' +
            'jobs come along to your account.'}
      </p>
      <ul class="links">
        {isAccount ? null : (
          <li>
            <a href={`${youHref}#sign-in`}>Sign in</a>
          </li>
        )}
        <li>
          <a href={`${youHref}#told`}>Be told when a job is done</a>
        </li>
        {isAccount ? (
          <li>
            <a href={`${youHref}#keys`}>API keys</a>
          </li>
        ) : null}
        {me !== null && isOperator(me) ? (
          <li>
            <a href="/operations">The operators' page</a>
          </li>
        ) : null}
      </ul>
    </section>
  );
}

export function isOperator({ role }: Me): boolean {
  return role === 'operator' || role === 'administrator';
}
