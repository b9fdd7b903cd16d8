import { useEffect, useState } from 'preact/hooks';
import { careOrder, caresOf, careWords } from './jobOrders';
import { JobLink, User } from './Names';
import type { Order } from './orders';
import { Paging, Panel, Table } from './Panel';
import { usePoll } from './poll';
import type { JobChoice, OperationsApi } from './operationsApi';
import type { CaredJob } from './model';
import { agoWords, nothing, plural, shortId } from './words';

const jobsPeriodMs = 5000;

const choices: readonly (readonly [JobChoice, string])[] = [
  ['set-aside', 'set aside'],
  ['failed', 'failed'],
  ['processing', 'running'],
  ['pending', 'waiting'],
  ['cancelled', 'cancelled'],
  ['completed', 'completed'],
  ['all', 'all'],
];

export interface JobsProps {
  readonly api: OperationsApi;
  /** Orders given so far: after each, what is shown is asked anew. */
  readonly orders: number;
  readonly give: (order: Order) => void;
  readonly show: (id: string) => void;
}

/** Everybody's jobs, without what their users put into them. Those that were set aside wait for an operator. */
export function JobsPanel({ api, orders, give, show }: JobsProps) {
  const [choice, setChoice] = useState<JobChoice>('set-aside');
  const [after, setAfter] = useState<string | null>(null);
  const [answer, refresh] = usePoll(() => api.jobs(choice, after), jobsPeriodMs, `${choice} ${after ?? ''}`);
  useEffect(() => {
    if (orders > 0) refresh();
  }, [orders]);
  const at = answer.at ?? new Date();
  const next = answer.value?.next ?? null;
  const choose = (value: string): void => {
    setChoice(choices.find(([one]) => one === value)?.[0] ?? 'set-aside');
    setAfter(null);
  };
  return (
    <Panel id="jobs" title="Jobs" answer={answer} class="wide" aside={<JobChoices choice={choice} choose={choose} show={show} />}>
      {answer.value === null ? null : (
        <Table<CaredJob>
          label="Jobs"
          rows={answer.value.jobs}
          rowKey={({ id }) => id}
          empty={choice === 'set-aside' ? 'No job is set aside.' : next === null ? 'No such job.' : 'None among these; older ones follow.'}
          columns={[
            { title: 'Job', isHead: true, cell: ({ id }) => <JobLink id={id} show={show} /> },
            { title: 'State', cell: stateWords },
            { title: 'Kind', cell: ({ kind }) => kind },
            { title: 'User', cell: ({ account, user }) => <User account={account} mark={user} /> },
            { title: 'Attempt', isNumber: true, cell: ({ attempt }) => attempt },
            { title: 'Accepted', cell: ({ acceptedAt }) => agoWords(acceptedAt, at) },
            { title: 'Ended', cell: ({ endedAt }) => (endedAt === null ? nothing : agoWords(endedAt, at)) },
            { title: 'Cause', class: 'value', cell: ({ cause }) => cause ?? nothing },
            { title: 'Do', cell: (job) => <Cares job={job} api={api} give={give} /> },
          ]}
        />
      )}
      <Paging after={after} next={next} go={setAfter} older="Older jobs" />
    </Panel>
  );
}

function JobChoices({ choice, choose, show }: { choice: JobChoice; choose: (value: string) => void; show: (id: string) => void }) {
  const [id, setId] = useState('');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (id.trim() !== '') show(id.trim());
  };
  return (
    <div class="choices">
      <select aria-label="Which jobs" value={choice} onChange={(event) => choose(event.currentTarget.value)}>
        {choices.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
      <form class="choices" onSubmit={submit}>
        <input
          aria-label="A job's id"
          placeholder="A job's id"
          autocomplete="off"
          value={id}
          onInput={(event) => setId(event.currentTarget.value)}
        />
        <button type="submit">Show</button>
      </form>
    </div>
  );
}

export function stateWords({ state, isHeld, setAsideAt, percent, crashes }: CaredJob): string {
  if (setAsideAt !== null) return crashes > 0 ? `set aside after ${plural(crashes, 'crash', 'crashes')}` : 'set aside';
  if (state === 'processing') return `running, ${percent} %`;
  return state === 'pending' ? (isHeld ? 'held' : 'waiting') : state;
}

export function Cares({ job, api, give }: { job: CaredJob; api: OperationsApi; give: (order: Order) => void }) {
  return (
    <span class="cares">
      {caresOf(job).map((care) => (
        <button
          key={care}
          type="button"
          class="quiet small"
          aria-label={`${careWords[care]} job ${shortId(job.id)}`}
          onClick={() => give(careOrder(api, job, care))}
        >
          {careWords[care]}
        </button>
      ))}
    </span>
  );
}
