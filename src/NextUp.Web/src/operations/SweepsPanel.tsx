import { Panel, Table } from './Panel';
import { pastPeriodMs } from './PastPanel';
import { usePoll } from './poll';
import type { OperationsApi } from './operationsApi';
import type { Sweep } from './model';
import { agoWords, countWords, spanWords } from './words';

/** What the sweeps for stuck and old jobs found since the server's start. */
export function SweepsPanel({ api }: { api: OperationsApi }) {
  const [answer] = usePoll(() => api.sweeps(), pastPeriodMs, 'sweeps');
  const at = answer.at ?? new Date();
  return (
    <Panel id="sweeps" title="Clean-up sweeps" answer={answer} class="wide">
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

function reasonWords({ isPeriodic, isDryRun }: Sweep): string {
  if (isDryRun) return 'tried out; nothing was changed';
  return isPeriodic ? 'on time' : 'asked for';
}
