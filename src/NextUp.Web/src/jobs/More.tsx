import { counted } from '../words';

/** Entries drawn at once; a file may have thousands. */
export const pageSize = 50;

export function More({ shown, total, more }: { shown: number; total: number; more: () => void }) {
  if (shown >= total) return null;
  return (
    <p class="more">
      <span class="muted">
        {shown} of {counted(total, 'entry', 'entries')}
      </span>
      <button type="button" onClick={more}>
        Show {Math.min(pageSize, total - shown)} more
      </button>
    </p>
  );
}
