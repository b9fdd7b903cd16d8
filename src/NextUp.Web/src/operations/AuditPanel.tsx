import { useEffect, useState } from 'preact/hooks';
import { Paging, Panel, Table } from './Panel';
import { pastPeriodMs } from './PastPanel';
import { usePoll } from './poll';
import type { OperationsApi } from './operationsApi';
import type { AuditEntry } from './model';

/** What operators and administrators did, newest first; for administrators. Read again after each order that was given here. */
export function AuditPanel({ api, orders }: { api: OperationsApi; orders: number }) {
  const [after, setAfter] = useState<string | null>(null);
  const [answer, refresh] = usePoll(() => api.audit(after), pastPeriodMs, `audit ${after ?? ''}`);
  useEffect(() => {
    if (orders > 0) refresh();
  }, [orders]);
  return (
    <Panel id="audit" title="What operators did" answer={answer} class="wide">
      {answer.value === null ? null : (
        <Table<AuditEntry>
          label="What operators did"
          rows={answer.value.entries}
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
      <Paging after={after} next={answer.value?.next ?? null} go={setAfter} older="Older entries" />
    </Panel>
  );
}

/** The call without what is the same for all: "POST jobs/.../retry"; where it is known on what, that too: "POST pause queue". */
export function actionWords({ action, target }: Pick<AuditEntry, 'action' | 'target'>): string {
  const [method = '', path = ''] = action.split(' ');
  const called = (target.startsWith('/') ? target : path).replace(/^\/api\/v1\/(operations\/)?/, '');
  return target.startsWith('/') ? `${method} ${called}` : `${method} ${called} ${target}`;
}

export function outcomeWords(outcome: number): string {
  if (outcome === 0) return 'not known';
  return outcome < 400 ? 'done' : `refused (${outcome})`;
}
