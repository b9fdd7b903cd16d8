import { JobLink } from './Names';
import { Panel, Table } from './Panel';
import { usePoll } from './poll';
import type { OperationsApi } from './operationsApi';
import type { Worker } from './model';
import { agoWords, countWords, nothing, plural } from './words';

const workersPeriodMs = 5000;
/** The jobs of a worker that are named; of more, how many there are. */
const jobsNamedMax = 5;

/** Who works elsewhere for this server. One that is silent and holds nothing is left out after a while. */
export function WorkersPanel({ api, show }: { api: OperationsApi; show: (id: string) => void }) {
  const [answer] = usePoll(() => api.workers(), workersPeriodMs, 'workers');
  const at = answer.at ?? new Date();
  const hidden = (answer.value?.count ?? 0) - (answer.value?.workers.length ?? 0);
  return (
    <Panel id="workers" title="Workers elsewhere" answer={answer} class="wide">
      {answer.value === null ? null : (
        <Table<Worker>
          label="Workers elsewhere"
          rows={answer.value.workers}
          rowKey={({ account, name }) => `${account}/${name}`}
          empty="Nobody works elsewhere for this server."
          columns={[
            { title: 'Worker', isHead: true, cell: ({ name, account }) => <>{name} <span class="muted">({account})</span></> },
            { title: 'Kinds', cell: ({ kinds }) => (kinds.length === 0 ? nothing : kinds.join(', ')) },
            { title: 'Jobs', cell: (worker) => <Held worker={worker} show={show} /> },
            { title: 'Free slots', isNumber: true, cell: ({ offered }) => countWords(offered) },
            { title: 'Last heard', cell: ({ heardAt }) => (heardAt === null ? "not since the server's start" : agoWords(heardAt, at)) },
          ]}
        />
      )}
      {hidden > 0 ? <p class="hint">and {plural(hidden, 'more worker')}</p> : null}
    </Panel>
  );
}

function Held({ worker: { running, jobs }, show }: { worker: Worker; show: (id: string) => void }) {
  if (running === 0) return <>none</>;
  const named = jobs.slice(0, jobsNamedMax);
  return (
    <span class="cares">
      {named.map((id) => (
        <JobLink key={id} id={id} show={show} />
      ))}
      {running > named.length ? <span class="muted">and {countWords(running - named.length)} more</span> : null}
    </span>
  );
}
