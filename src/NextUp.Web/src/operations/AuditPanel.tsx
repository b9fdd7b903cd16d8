import { useEffect } from 'preact/hooks';
import { Panel, Table } from './Panel';
import { pastPeriodMs } from './PastPanel';
import { usePoll } from './poll';
import type { OperationsApi } from './operationsApi';
import type { AuditEntry } from './model';

/** What operators and administrators did, newest first; for administrators. Read again after each order that was given here. */
export function AuditPanel({ api, orders }: { api: OperationsApi; orders: number }) {
  const [answer, refresh] = usePoll(() => api.audit(), pastPeriodMs, 'audit');
  useEffect(() => {
    if (orders > 0) refresh();
  }, [orders]);
  return (
    <Panel id="audit" title="What operators did" answer={answer} class="wide">
      {answer.value === null ? null : (
        <Table<AuditEntry>
          label="What operators did"
          rows={answer.value}
          rowKey={({ id }) => id}
          empty="Nothing yet."
          columns={[
            { title: 'When', isHead: true, cell: ({ at }) => <time dateTime={at.toISOString()}>{at.toLocaleString()}</time> },
            { title: 'Who', cell: ({ actor, role }) => `${actor} (${role})` },
            { title: 'What', class: 'value', cell: (entry) => <code>{actionWords(entry)}</code> },
            { title: 'More', class: 'value', cell: ({ note }) => note ?? '' },
            { title: 'Outcome', cell: ({ outcome }) => outcomeWords(outcome) },
          ]}
        />
      )}
    </Panel>
  );
}

/** The call without what is the same for all: "POST jobs/.../retry". */
export function actionWords({ action, target }: AuditEntry): string {
  const method = action.split(' ')[0] ?? '';
  return `${method} ${target.replace(/^\/api\/v1\/(operations\/)?/, '')}`;
}

export function outcomeWords(outcome: number): string {
  if (outcome === 0) return 'not known';
  return outcome < 400 ? 'done' : `refused (${outcome})`;
}
