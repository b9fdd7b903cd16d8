import { JobLink } from './Names';
import { Panel, Table } from './Panel';
import { pastPeriodMs } from './PastPanel';
import { usePoll } from './poll';
import type { OperationsApi } from './operationsApi';
import { dayStart } from './ranges';
import type { Failure } from './model';
import { agoWords, countWords } from './words';

export const countedDays = 7;

/** The first of the days (UTC) that failures and loads are counted over, today included. */
export function countedFrom(now: Date): Date {
  return new Date(dayStart(now).getTime() - (countedDays - 1) * 86_400_000);
}

export function FailuresPanel({ api, show }: { api: OperationsApi; show: (id: string) => void }) {
  const [answer] = usePoll(() => api.failures(countedFrom(new Date())), pastPeriodMs, 'failures');
  const now = answer.at ?? new Date();
  return (
    <Panel id="failures" title={`Failures by cause, last ${countedDays} days`} answer={answer} class="wide">
      {answer.value === null ? null : (
        <Table<Failure>
          label="Failures by cause"
          rows={answer.value}
          rowKey={({ kind, cause }) => `${kind} ${cause ?? ''}`}
          empty="Nothing failed."
          columns={[
            { title: 'Cause', isHead: true, class: 'cause', cell: ({ cause }) => cause ?? 'Rare causes, taken together' },
            { title: 'Kind', cell: ({ kind }) => kind },
            { title: 'Failed for good', isNumber: true, cell: ({ failed }) => countWords(failed) },
            { title: 'Tried again', isNumber: true, cell: ({ retried }) => countWords(retried) },
            { title: 'Last seen', cell: ({ lastAt }) => <LastSeen at={lastAt} now={now} /> },
            { title: 'Newest jobs', cell: ({ jobs }) => <Jobs ids={jobs} show={show} /> },
          ]}
        />
      )}
    </Panel>
  );
}

function LastSeen({ at, now }: { at: Date; now: Date }) {
  return (
    <time dateTime={at.toISOString()} title={at.toLocaleString()}>
      {agoWords(at, now)}
    </time>
  );
}

function Jobs({ ids, show }: { ids: readonly string[]; show: (id: string) => void }) {
  return (
    <span class="cares">
      {ids.map((id) => (
        <JobLink key={id} id={id} show={show} />
      ))}
    </span>
  );
}
