import { useState } from 'preact/hooks';
import { Chart } from './Chart';
import { countTicks, endedByPeriod, spansByPeriod, spanTicks, type Ended, type Spans } from './charts';
import { Panel, Table, type Column } from './Panel';
import { usePoll } from './poll';
import type { OperationsApi } from './operationsApi';
import { periodLabel, rangeStart, ranges, type Range } from './ranges';
import type { KindFigures, Statistics } from './model';
import { countWords, plural, shareWords, shortCount, spanWords } from './words';

export const pastPeriodMs = 15_000;

/** What was: throughput, and how long jobs waited and took, over a span that the operator chooses. */
export function PastPanel({ api, kinds }: { api: OperationsApi; kinds: readonly string[] }) {
  const [range, setRange] = useState<Range>(ranges[0]);
  const [kind, setKind] = useState<string | null>(null);
  const ask = (): Promise<Statistics> => api.statistics({ from: rangeStart(range, new Date()), by: range.by, kind });
  const [answer] = usePoll(ask, pastPeriodMs, `${range.id} ${kind ?? ''}`);
  const choice = (
    <div class="choices">
      <select
        aria-label="Span"
        value={range.id}
        onChange={(event) => setRange(ranges.find(({ id }) => id === event.currentTarget.value) ?? ranges[0])}
      >
        {ranges.map(({ id, words }) => (
          <option key={id} value={id}>
            {words}
          </option>
        ))}
      </select>
      <select
        aria-label="Kind"
        value={kind ?? ''}
        onChange={(event) => setKind(event.currentTarget.value === '' ? null : event.currentTarget.value)}
      >
        <option value="">all kinds</option>
        {kinds.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </div>
  );
  return (
    <Panel id="past" title="Throughput and waits" answer={answer} aside={choice} class="wide">
      {answer.value === null ? null : <Past statistics={answer.value} isLong={range.length > 24} />}
    </Panel>
  );
}

function Past({ statistics, isLong }: { statistics: Statistics; isLong: boolean }) {
  return (
    <>
      <KindTable kinds={statistics.kinds} />
      <div class="charts">
        <Throughput statistics={statistics} isLong={isLong} />
        {statistics.kinds.flatMap(({ kind }) =>
          (['wait', 'service'] as const).map((what) => (
            <SpanChart key={`${what} ${kind}`} statistics={statistics} kind={kind} what={what} isLong={isLong} />
          )),
        )}
      </div>
    </>
  );
}

function KindTable({ kinds }: { kinds: readonly KindFigures[] }) {
  const triple = (durations: { p50: number | null; p90: number | null; p99: number | null }): string =>
    `${spanWords(durations.p50)} / ${spanWords(durations.p90)} / ${spanWords(durations.p99)}`;
  return (
    <Table<KindFigures>
      label="Figures by kind"
      rows={kinds}
      rowKey={({ kind }) => kind}
      empty="No job in this time."
      columns={[
        { title: 'Kind', isHead: true, cell: ({ kind }) => kind },
        { title: 'Accepted', isNumber: true, cell: ({ figures }) => countWords(figures.accepted) },
        { title: 'Completed', isNumber: true, cell: ({ figures }) => countWords(figures.completed) },
        { title: 'Failed', isNumber: true, cell: ({ figures }) => countWords(figures.failed) },
        { title: 'Cancelled', isNumber: true, cell: ({ figures }) => countWords(figures.cancelled) },
        { title: 'Retries', isNumber: true, cell: ({ figures }) => countWords(figures.retried) },
        { title: 'Wait p50 / p90 / p99', isNumber: true, cell: ({ figures }) => triple(figures.wait) },
        { title: 'Processing p50 / p90 / p99', isNumber: true, cell: ({ figures }) => triple(figures.service) },
      ]}
    />
  );
}

function Throughput({ statistics, isLong }: { statistics: Statistics; isLong: boolean }) {
  const ended = endedByPeriod(statistics);
  const most = Math.max(0, ...ended.map((one) => Math.max(one.completed + one.failed + one.cancelled, one.accepted)));
  const { total, by } = statistics;
  const over = total.completed + total.failed;
  const label = (one: { start: Date }): string => periodLabel(one.start, by, isLong);
  const number = (title: string, name: 'accepted' | 'completed' | 'failed' | 'cancelled'): Column<Ended> => ({
    title,
    isNumber: true,
    cell: (one) => countWords(one[name]),
  });
  const others = `${countWords(total.failed)} failed, ${countWords(total.cancelled)} cancelled`;
  const lost = over === 0 ? '' : ` ${shareWords(total.failed / over)} of those that ended failed.`;
  return (
    <Chart
      title={`Jobs by the ${by}`}
      summary={`${plural(total.completed, 'job')} completed, ${others}.${lost}`}
      axis={{ ticks: countTicks(most), words: shortCount }}
      labels={ended.map(label)}
      told={(at) => (ended[at] === undefined ? '' : endedWords(ended[at], label(ended[at])))}
      bars={[
        { name: 'completed', look: 'look-good', values: ended.map((one) => one.completed) },
        { name: 'failed', look: 'look-bad', values: ended.map((one) => one.failed) },
        { name: 'cancelled', look: 'look-plain', values: ended.map((one) => one.cancelled) },
      ]}
      lines={[{ name: 'accepted', look: 'look-first', values: ended.map((one) => one.accepted) }]}
      table={
        <Table<Ended>
          label={`Jobs by the ${by}`}
          rows={ended}
          rowKey={(one) => one.start.toISOString()}
          empty="Nothing"
          columns={[
            { title: by === 'hour' ? 'Hour' : 'Day (UTC)', isHead: true, cell: label },
            number('Accepted', 'accepted'),
            number('Completed', 'completed'),
            number('Failed', 'failed'),
            number('Cancelled', 'cancelled'),
          ]}
        />
      }
    />
  );
}

function endedWords(one: Ended, label: string): string {
  const { accepted, completed, failed, cancelled } = one;
  return `${label}: ${accepted} accepted, ${completed} completed, ${failed} failed, ${cancelled} cancelled`;
}

interface SpanChartProps {
  readonly statistics: Statistics;
  readonly kind: string;
  readonly what: 'wait' | 'service';
  readonly isLong: boolean;
}

function SpanChart({ statistics, kind, what, isLong }: SpanChartProps) {
  const spans = spansByPeriod(statistics, kind, what);
  const most = Math.max(0, ...spans.map((one) => one.durations?.p90 ?? 0));
  const whole = statistics.kinds.find((one) => one.kind === kind)?.figures[what];
  const [half, most90] = [spanWords(whole?.p50 ?? null), spanWords(whole?.p90 ?? null)];
  const label = (one: { start: Date }): string => periodLabel(one.start, statistics.by, isLong);
  const title = `${what === 'wait' ? 'Wait in the line' : 'Processing'}, ${kind}`;
  const number = (name: 'p50' | 'p90' | 'p99'): Column<Spans> => ({
    title: name,
    isNumber: true,
    cell: (one) => spanWords(one.durations?.[name] ?? null),
  });
  return (
    <Chart
      title={title}
      summary={`In all of this time half took at most ${half}, nine of ten at most ${most90}.`}
      axis={{ ticks: spanTicks(most), words: spanWords }}
      labels={spans.map(label)}
      told={(at) => (spans[at] === undefined ? '' : spansToldWords(spans[at], label(spans[at])))}
      lines={[
        { name: 'p50', look: 'look-first', values: spans.map((one) => one.durations?.p50 ?? null) },
        { name: 'p90', look: 'look-second', values: spans.map((one) => one.durations?.p90 ?? null) },
      ]}
      table={
        <Table<Spans>
          label={title}
          rows={spans.filter((one) => one.durations !== null)}
          rowKey={(one) => one.start.toISOString()}
          empty="No job in this time."
          columns={[
            { title: statistics.by === 'hour' ? 'Hour' : 'Day (UTC)', isHead: true, cell: label },
            { title: 'Jobs', isNumber: true, cell: (one) => countWords(one.durations?.count ?? 0) },
            number('p50'),
            number('p90'),
            number('p99'),
          ]}
        />
      }
    />
  );
}

function spansToldWords({ durations }: Spans, label: string): string {
  if (durations === null) return `${label}: no job`;
  return `${label}: p50 ${spanWords(durations.p50)}, p90 ${spanWords(durations.p90)}, ${plural(durations.count, 'job')}`;
}
