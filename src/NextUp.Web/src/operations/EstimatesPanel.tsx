import { Panel, Table } from './Panel';
import { pastPeriodMs } from './PastPanel';
import { usePoll } from './poll';
import type { OperationsApi } from './operationsApi';
import type { Hits, KindEstimates } from './model';
import { countWords, nothing, plural, shareWords } from './words';

/** How far the share within p90 may lie from what is meant before it is marked. */
const tolerance = 0.05;

/** Whether the start times that people are told come true. */
export function EstimatesPanel({ api }: { api: OperationsApi }) {
  const [answer] = usePoll(() => api.estimates(), pastPeriodMs, 'estimates');
  const meant = answer.value?.p90Meant ?? 0;
  const rows = (answer.value?.kinds ?? []).flatMap((kind) => [
    { kind, when: 'at submission', hits: kind.atSubmission },
    { kind, when: 'while waiting', hits: kind.whileWaiting },
  ]);
  return (
    <Panel id="estimates" title="Honesty of the estimates" answer={answer}>
      {answer.value === null ? null : (
        <>
          <p class="hint">
            {shareWords(meant)} of jobs are meant to start within the later time of the range they were told (p90). The
            error is that of the earlier one (p50), as a share of the wait.
          </p>
          <Table<{ kind: KindEstimates; when: string; hits: Hits }>
            label="Honesty of the estimates"
            rows={rows}
            rowKey={({ kind, when }) => `${kind.kind} ${when}`}
            empty="Nothing was estimated yet."
            columns={[
              { title: 'Kind', isHead: true, cell: ({ kind }) => kind.kind },
              { title: 'Told', cell: ({ when }) => when },
              { title: 'Within p90, lately', isNumber: true, cell: ({ hits }) => <Hit share={hits.recentWithinP90} meant={meant} /> },
              { title: 'Of', isNumber: true, cell: ({ hits }) => (hits.recentCount === 0 ? nothing : countWords(hits.recentCount)) },
              { title: 'Median error', isNumber: true, cell: ({ hits }) => shareWords(hits.recentMedianError) },
              { title: 'Within p90, ever', isNumber: true, cell: ({ hits }) => shareWords(hits.withinP90) },
              { title: 'Made from', isNumber: true, cell: ({ kind }) => plural(kind.samples, 'run') },
            ]}
          />
        </>
      )}
    </Panel>
  );
}

function Hit({ share, meant }: { share: number | null; meant: number }) {
  const isFar = share !== null && share < meant - tolerance;
  return isFar ? <strong class="warning">{shareWords(share)}, too few</strong> : <>{shareWords(share)}</>;
}
