import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../api';
import { Confirm } from '../Confirm';
import type { JobBook } from '../jobs/jobBook';
import type { Job } from '../model';
import { jobHref } from '../routes';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { counted } from '../words';
import { countWords, rejectedPath, tableCalls, type Import, type RowError } from './tables';
import { RowErrors } from './Rows';

const stateWords: Record<Import['state'], string> = {
  processing: 'Importing',
  stored: 'Imported',
  dropped: 'Not stored',
  undone: 'Taken back',
};

const errorsShownMax = 100;

/** Milliseconds between two looks at imports that are not finished. */
const lookInterval = 1000;

interface Props {
  readonly api: Api;
  readonly imports: readonly Import[];
  /** What the live feed knows of their jobs. */
  readonly jobs: JobBook['jobs'];
  readonly read: () => Promise<void>;
}

/** The last imports: counts, errors, and taking one back. */
export function Imports({ api, imports, jobs, read }: Props) {
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
          <ImportRow key={one.id} api={api} of={one} job={jobs.get(one.id)?.job ?? null} read={read} />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  readonly api: Api;
  readonly of: Import;
  readonly job: Job | null;
  readonly read: () => Promise<void>;
}

function ImportRow({ api, of: one, job, read }: RowProps) {
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
        <span class="muted">into {one.table}</span>
      </p>
      <p class="sub">
        {isTrial ? 'Only tried out' : stateWords[one.state]}. {countWords(one.counts)}.
      </p>
      {one.state === 'dropped' && job?.state === 'failed' ? <p class="trouble">{job.error}</p> : null}
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
            <a class="button" href={rejectedPath(one.id)} download aria-label={`Wrong rows of ${one.fileName} as CSV`}>
              Wrong rows as CSV
            </a>
          </>
        ) : null}
        {one.state === 'stored' ? (
          <button type="button" class="danger" aria-label={`Take ${one.fileName} back`} onClick={() => setAsking(true)}>
            Take back
          </button>
        ) : null}
      </div>
      <Trouble text={showing.trouble} />
      {errors === null ? null : <RowErrors errors={errors} shownMax={errorsShownMax} />}
      {asking ? (
        <Confirm
          id={`undo-${one.id}`}
          title={`Take ${one.fileName} back?`}
          keep="Keep it"
          act="Take it back"
          work={undo}
          close={() => setAsking(false)}
        >
          {undoWords(one)}
        </Confirm>
      ) : null}
    </li>
  );
}

function undoWords({ table, counts }: Import): string {
  const records = counted(counts.inserted, 'record goes', 'records go');
  const replaced = counts.updated === 0 ? '' : ` What it replaced in ${counted(counts.updated, 'other', 'others')} is back.`;
  return `${records} from ${table}.${replaced}`;
}
