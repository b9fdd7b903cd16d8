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
            error is that of the earlier one (p50), as a share of the wait; ever is the share within p90 since the beginning.
          </p>
          <Table<{ kind: KindEstimates; when: string; hits: Hits }>
            label="Honesty of the estimates"
            rows={rows}
            rowKey={({ kind, when }) => `${kind.kind} ${when}`}
            empty="Nothing was estimated yet."
            columns={[
              { title: 'Kind', isHead: true, cell: ({ kind, when }) => <Told kind={kind.kind} when={when} /> },
              { title: 'Within p90', isNumber: true, cell: ({ hits }) => <Hit hits={hits} meant={meant} /> },
              { title: 'Median error', isNumber: true, cell: ({ hits }) => shareWords(hits.recentMedianError) },
              { title: 'Ever', isNumber: true, cell: ({ hits }) => shareWords(hits.withinP90) },
            ]}
          />
          <p class="hint">{rows.length === 0 ? '' : `Made from ${samplesWords(answer.value.kinds)}.`}</p>
        </>
      )}
    </Panel>
  );
}

function Told({ kind, when }: { kind: string; when: string }) {
  return (
    <>
      {kind}
      <span class="sub">told {when}</span>
    </>
  );
}

function samplesWords(kinds: readonly KindEstimates[]): string {
  return kinds.map(({ kind, samples }) => `${plural(samples, 'run')} of ${kind}`).join(', ');
}

function Hit({ hits, meant }: { hits: Hits; meant: number }) {
  const share = hits.recentWithinP90;
  if (share === null) return <>{nothing}</>;
  const isFar = share < meant - tolerance;
  return (
    <>
      {isFar ? <strong class="warning">{shareWords(share)}, too few</strong> : shareWords(share)}
      <span class="sub">of the last {countWords(hits.recentCount)}</span>
    </>
  );
}
