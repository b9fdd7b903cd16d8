import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../api';
import { Confirm } from '../Confirm';
import { jobHref } from '../routes';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { countWords, rejectedPath, tableCalls, type Import, type RowError } from './tables';
import { RowErrors } from './Rows';

const stateWords: Record<Import['state'], string> = {
  processing: 'Importing',
  stored: 'Imported',
  dropped: 'Not stored',
  undone: 'Taken back',
};

/** Milliseconds between two looks at imports that are not finished. */
const lookInterval = 1000;

/** The last imports: counts, errors, and taking one back. */
export function Imports({ api, imports, read }: { api: Api; imports: readonly Import[]; read: () => Promise<void> }) {
  const isRunning = imports.some((one) => one.state === 'processing');
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => void read(), lookInterval);
    return () => clearInterval(timer);
  }, [isRunning]);
  if (imports.length === 0) return null;
  return (
    <section class="card panel" aria-labelledby="imports-title">
      <h2 id="imports-title">Your imports</h2>
      <ul class="rows imports" aria-label="Your imports">
        {imports.map((one) => (
          <ImportRow key={one.id} api={api} of={one} read={read} />
        ))}
      </ul>
    </section>
  );
}

function ImportRow({ api, of: one, read }: { api: Api; of: Import; read: () => Promise<void> }) {
  const [asking, setAsking] = useState(false);
  const [errors, setErrors] = useState<RowError[] | null>(null);
  const showing = useAction();
  const undo = async (): Promise<void> => {
    await tableCalls.undo(api, one.id);
    await read();
  };
  const isTrial = one.mode === 'dryRun' && one.state === 'dropped';
  return (
    <li>
      <p>
        <a class="job-name" href={jobHref(one.id)}>
          {one.fileName}
        </a>{' '}
        <span class="muted">to {one.table}</span>
      </p>
      <p class="sub">
        {isTrial ? 'Tried out' : stateWords[one.state]}. {countWords(one.counts)}.
      </p>
      <div class="actions small">
        {one.counts.rejected > 0 ? (
          <>
            <button
              type="button"
              disabled={showing.isBusy}
              aria-expanded={errors !== null}
              onClick={() => void showing.run(async () => setErrors(errors === null ? await tableCalls.errors(api, one.id) : null))}
            >
              {errors === null ? 'What is wrong' : 'Hide what is wrong'}
            </button>
            <a class="button" href={rejectedPath(one.id)} download>
              Wrong rows as CSV
            </a>
          </>
        ) : null}
        {one.state === 'stored' ? (
          <button type="button" class="danger" onClick={() => setAsking(true)}>
            Take back
          </button>
        ) : null}
      </div>
      <Trouble text={showing.trouble} />
      {errors === null ? null : <RowErrors errors={errors.slice(0, 100)} />}
      {asking ? (
        <Confirm
          id={`undo-${one.id}`}
          title="Take this import back?"
          keep="Keep it"
          act="Take it back"
          work={undo}
          close={() => setAsking(false)}
        >
          Its {(one.counts.inserted + one.counts.updated).toLocaleString('en')} records go, and what they replaced is back.
        </Confirm>
      ) : null}
    </li>
  );
}
