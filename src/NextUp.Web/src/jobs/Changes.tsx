import { useState } from 'preact/hooks';
import type { Session } from '../users/session';
import type { EntryChanges, FieldChange, JobId } from '../model';
import { counted } from '../words';
import { More, pageSize } from './More';
import { useAnswer } from './useAnswer';

/** Entry by entry and field by field: what the result has that the upload had not. */
export function Changes({ id, session }: { id: JobId; session: Session }) {
  const answer = useAnswer(id, () => session.diff(id));
  if (answer.state === 'reading') return <p class="muted">Reading the changes</p>;
  if (answer.state === 'failed') return <p class="trouble">{answer.trouble}</p>;
  return <ChangesList entries={answer.value.filter((entry) => entry.changes.length > 0)} />;
}

function ChangesList({ entries }: { entries: readonly EntryChanges[] }) {
  const [shown, setShown] = useState(pageSize);
  if (entries.length === 0) return <p>Nothing was changed: the result is what you handed in, byte for byte.</p>;
  const fields = entries.reduce((sum, entry) => sum + entry.changes.length, 0);
  return (
    <div class="stack">
      <p class="muted">
        {counted(fields, 'field', 'fields')} in {counted(entries.length, 'entry', 'entries')}
      </p>
      {entries.slice(0, shown).map((entry, index) => (
        <Entry key={`${entry.line} ${index}`} entry={entry} />
      ))}
      <More shown={shown} total={entries.length} more={() => setShown(shown + pageSize)} />
    </div>
  );
}

function Entry({ entry }: { entry: EntryChanges }) {
  return (
    <details class="entry" open>
      <summary>
        <strong>{entry.title ?? entry.key}</strong>{' '}
        <span class="muted">
          <code>{entry.key}</code>, {entry.type}, line {entry.line}
        </span>
      </summary>
      <dl class="diff">
        {entry.changes.map((change, index) => (
          <Change key={`${change.field} ${index}`} change={change} />
        ))}
      </dl>
    </details>
  );
}

function Change({ change }: { change: FieldChange }) {
  return (
    <div>
      <dt>
        <code>{change.field}</code>
      </dt>
      <dd>
        {change.before === null ? null : (
          <del>
            <span class="unseen">before: </span>
            {change.before}
          </del>
        )}
        <ins>
          <span class="unseen">{change.kind === 'added' ? 'added: ' : 'now: '}</span>
          {change.after}
        </ins>
      </dd>
    </div>
  );
}
