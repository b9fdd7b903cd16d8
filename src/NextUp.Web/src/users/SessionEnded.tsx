import { useStore } from '../store';
import type { Session } from './session';

/** Says that a sign-in has run out, and where the jobs are. */
export function SessionEnded({ session }: { session: Session }) {
  const name = useStore(session.expired);
  return (
    <div role="status">
      {name === null ? null : (
        <p class="notice session-ended">
          Your sign-in as {name} has ended. Your jobs are kept: <a href="/you#sign-in">sign in</a> to see them again.
        </p>
      )}
    </div>
  );
}
