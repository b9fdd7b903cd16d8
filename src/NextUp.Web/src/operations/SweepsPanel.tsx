import { useEffect, useState } from 'preact/hooks';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { JobLink } from './Names';
import type { Order } from './orders';
import { Panel, Table } from './Panel';
import { pastPeriodMs } from './PastPanel';
import { usePoll } from './poll';
import type { OperationsApi } from './operationsApi';
import type { Sweep, SweepReport } from './model';
import { actionWords, holdingWords, reportWords, sweepOrder } from './sweepOrders';
import { agoWords, countWords, plural, spanWords } from './words';

interface SweepsProps {
  readonly api: OperationsApi;
  /** Sweeps are asked for by administrators alone. */
  readonly mayOrder: boolean;
  /** Orders given so far: after each, what is shown is asked anew. */
  readonly orders: number;
  readonly give: (order: Order) => void;
  readonly show: (id: string) => void;
}

/** What the sweeps for stuck and old jobs found since the server's start. */
export function SweepsPanel({ api, mayOrder, orders, give, show }: SweepsProps) {
  const [answer, refresh] = usePoll(() => api.sweeps(), pastPeriodMs, 'sweeps');
  useEffect(() => {
    if (orders > 0) refresh();
  }, [orders]);
  const at = answer.at ?? new Date();
  return (
    <Panel id="sweeps" title="Clean-up sweeps" answer={answer} class="wide">
      {mayOrder ? <Asking api={api} give={give} show={show} tried={refresh} /> : null}
      {answer.value === null ? null : (
        <Table<Sweep>
          label="Clean-up sweeps"
          rows={answer.value}
          rowKey={(sweep) => sweep.at.toISOString()}
          empty="None since the server's start."
          columns={[
            { title: 'When', isHead: true, cell: (sweep) => agoWords(sweep.at, at) },
            { title: 'Why', cell: reasonWords },
            { title: 'Stuck, failed', isNumber: true, cell: ({ failed }) => countWords(failed) },
            { title: 'Held, let in', isNumber: true, cell: ({ letIn }) => countWords(letIn) },
            { title: 'Old, deleted', isNumber: true, cell: ({ deleted }) => countWords(deleted) },
            { title: 'Took', isNumber: true, cell: ({ duration }) => spanWords(duration) },
            { title: 'Broke off', class: 'value', cell: ({ fault }) => fault ?? 'no' },
          ]}
        />
      )}
    </Panel>
  );
}

/** A sweep now, or what one would do. */
function Asking({ api, give, show, tried }: Pick<SweepsProps, 'api' | 'give' | 'show'> & { tried: () => void }) {
  const [report, setReport] = useState<SweepReport | null>(null);
  const action = useAction();
  const tryOut = async (): Promise<void> => {
    setReport(await api.sweep(true));
    tried();
  };
  return (
    <>
      <div class="actions">
        <button type="button" disabled={action.isBusy} onClick={() => void action.run(tryOut)}>
          Try out
        </button>
        <button type="button" onClick={() => give(sweepOrder(api))}>
          Sweep now …
        </button>
      </div>
      <Trouble text={action.trouble} />
      <div role="status">{report === null ? null : <Report report={report} show={show} />}</div>
    </>
  );
}

function Report({ report, show }: { report: SweepReport; show: (id: string) => void }) {
  const hidden = report.touchedCount - report.touched.length;
  return (
    <div class={report.touchedCount > 0 ? 'notice' : 'hint'}>
      <p>
        {reportWords(report, true)} {holdingWords(report)}
      </p>
      {report.touched.length === 0 ? null : (
        <ul class="effects">
          {report.touched.map(({ job, action, reason }) => (
            <li key={job}>
              <JobLink id={job} show={show} /> {actionWords(action)}: {reason}
            </li>
          ))}
          {hidden > 0 ? <li>and {plural(hidden, 'more')}</li> : null}
        </ul>
      )}
    </div>
  );
}

function reasonWords({ isPeriodic, isDryRun }: Sweep): string {
  if (isDryRun) return 'tried out; nothing was changed';
  return isPeriodic ? 'on time' : 'asked for';
}
