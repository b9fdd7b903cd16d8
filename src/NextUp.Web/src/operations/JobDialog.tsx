import { useEffect, useRef } from 'preact/hooks';
import { Cares, stateWords, type JobsProps } from './JobsPanel';
import { User } from './Names';
import { Table } from './Panel';
import { usePoll } from './poll';
import type { JobEvidence } from './model';
import { bytesWords, nothing, plural } from './words';

const evidencePeriodMs = 5000;

/** One job and what happened to it: the evidence by which an operator decides. */
export function JobDialog({ id, api, orders, give, close }: Omit<JobsProps, 'show'> & { id: string; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [answer, refresh] = usePoll(() => api.job(id), evidencePeriodMs, id);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    if (orders > 0) refresh();
  }, [orders]);
  return (
    <dialog ref={dialog} class="evidence" aria-labelledby="job-title" onClose={close}>
      <h2 id="job-title">
        Job <code>{id}</code>
      </h2>
      {answer.trouble === null ? null : (
        <p class="trouble" role="alert">
          {answer.trouble}
        </p>
      )}
      {answer.value === null ? null : <Evidence evidence={answer.value} />}
      <div class="actions">
        {answer.value === null ? null : <Cares job={answer.value.job} api={api} give={give} />}
        <button type="button" autofocus onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}

function Evidence({ evidence: { job, history, error, lastLines } }: { evidence: JobEvidence }) {
  return (
    <>
      <p>
        <strong>{stateWords(job)}</strong>: {job.kind}, {bytesWords(job.fileSize)}, of{' '}
        <User account={job.account} mark={job.user} />
        {job.priority > 0 ? `, priority ${job.priority}` : ''}. {plural(job.failures, 'failed attempt')}, of which{' '}
        {plural(job.crashes, 'crash', 'crashes')}.{job.step === '' ? '' : ` Last step: ${job.step}.`}
      </p>
      <Table<JobEvidence['history'][number]>
        label="What happened to the job"
        rows={history}
        rowKey={(event) => `${event.at.toISOString()} ${event.type}`}
        empty="Nothing is told of it."
        columns={[
          { title: 'When', isHead: true, cell: ({ at }) => <time dateTime={at.toISOString()}>{at.toLocaleString()}</time> },
          { title: 'What', cell: ({ type }) => type },
          { title: 'Attempt', isNumber: true, cell: ({ attempt }) => attempt },
          { title: 'Why', class: 'value', cell: ({ cause }) => cause ?? nothing },
        ]}
      />
      {error === null ? null : <p class="notice bad">{error}</p>}
      {lastLines.length === 0 ? null : (
        <details>
          <summary>The last lines of its log</summary>
          <ol class="lines">
            {lastLines.map((line, at) => (
              <li key={at}>{line}</li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}
