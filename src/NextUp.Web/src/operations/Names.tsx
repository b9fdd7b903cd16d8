import { shortId } from './words';

/** An account by its name; a visitor by the mark that stands for them in logs and traces. */
export function User({ account, mark }: { account: string | null; mark: string }) {
  return account === null ? (
    <>
      visitor <code>{mark}</code>
    </>
  ) : (
    <>{account}</>
  );
}

/** A job by the end of its id; what happened to it is a click away. */
export function JobLink({ id, show }: { id: string; show: (id: string) => void }) {
  return (
    <button type="button" class="quiet small" title={id} aria-label={`Job ${shortId(id)}`} onClick={() => show(id)}>
      <code>{shortId(id)}</code>
    </button>
  );
}
