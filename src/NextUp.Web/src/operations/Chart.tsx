import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { labelEvery, pieces } from './charts';

const height = 190;
const left = 52;
const right = 10;
const top = 8;
const bottom = 24;
const labelWidth = 64;
const gap = 0.25;

export interface Axis {
  readonly ticks: readonly number[];
  readonly words: (value: number) => string;
}

export interface Bars {
  readonly name: string;
  readonly look: string;
  readonly values: readonly number[];
}

export interface Line {
  readonly name: string;
  readonly look: string;
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  readonly title: string;
  /** What the picture shows, in a sentence, for those who do not see it. */
  readonly summary: string;
  readonly axis: Axis;
  readonly labels: readonly string[];
  /** What is told of a column when it is pointed at. */
  readonly told: (column: number) => string;
  readonly bars?: readonly Bars[];
  readonly lines?: readonly Line[];
  /** The same in numbers. */
  readonly table: ComponentChildren;
}

/** A chart as wide as its place, drawn with the page's own colours, with its numbers beside it as a table. */
export function Chart(props: ChartProps) {
  const { title, summary, axis, labels, bars = [], lines = [] } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const column = Math.max(1, (width - left - right) / Math.max(1, labels.length));
  const max = Math.max(axis.ticks.at(-1) ?? 1, Number.MIN_VALUE);
  const place: Place = { x: (at) => left + at * column, y: (value) => height - bottom - (value / max) * (height - top - bottom), column };
  return (
    <figure class="chart">
      <figcaption>
        <strong>{title}</strong>
        <span class="legend">
          {[...bars, ...lines].map(({ name, look }) => (
            <span key={name} class={`key ${look}`}>
              {name}
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={box} class="chart-box">
        {width === 0 ? null : (
          <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title}. ${summary}`}>
            <Grid axis={axis} width={width} place={place} />
            <Labels labels={labels} width={width} place={place} />
            <Stack bars={bars} place={place} />
            {lines.map((line) => (
              <Curve key={line.name} line={line} place={place} />
            ))}
            {labels.map((_, at) => (
              <rect key={at} class="column" x={place.x(at)} y={top} width={column} height={height - top - bottom}>
                <title>{props.told(at)}</title>
              </rect>
            ))}
          </svg>
        )}
      </div>
      <details>
        <summary>
          As a table<span class="unseen">: {title}</span>
        </summary>
        {props.table}
      </details>
    </figure>
  );
}

interface Place {
  readonly x: (column: number) => number;
  readonly y: (value: number) => number;
  readonly column: number;
}

function Grid({ axis, width, place }: { axis: Axis; width: number; place: Place }) {
  return (
    <g class="grid-lines">
      {axis.ticks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={width - right} y1={place.y(tick)} y2={place.y(tick)} />
          <text x={left - 6} y={place.y(tick) + 4} text-anchor="end">
            {axis.words(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}

function Labels({ labels, width, place }: { labels: readonly string[]; width: number; place: Place }) {
  const every = labelEvery(labels.length, width - left - right, labelWidth);
  return (
    <g class="labels">
      {labels.map((label, at) =>
        at % every === 0 ? (
          <text key={at} x={place.x(at)} y={height - 6}>
            {label}
          </text>
        ) : null,
      )}
    </g>
  );
}

function Stack({ bars, place }: { bars: readonly Bars[]; place: Place }) {
  const columns = bars[0]?.values.length ?? 0;
  const blank = place.column > 3 ? place.column * gap : 0;
  return (
    <g>
      {Array.from({ length: columns }, (_, at) => {
        let below = 0;
        return bars.map(({ name, look, values }) => {
          const value = values[at] ?? 0;
          if (value === 0) return null;
          const y = place.y(below + value);
          const bar = { x: place.x(at) + blank / 2, y, width: place.column - blank, height: place.y(below) - y };
          below += value;
          return <rect key={`${name}${at}`} class={`bar ${look}`} {...bar} />;
        });
      })}
    </g>
  );
}

function Curve({ line: { look, values }, place }: { line: Line; place: Place }) {
  const points = values.map((value, at) => (value === null ? null : ([place.x(at) + place.column / 2, place.y(value)] as const)));
  return (
    <g class={`curve ${look}`}>
      {pieces(points).map((piece) =>
        piece.length === 1 ? (
          <circle key={String(piece[0])} cx={piece[0]?.[0] ?? 0} cy={piece[0]?.[1] ?? 0} r={2.5} />
        ) : (
          <polyline key={String(piece[0])} points={piece.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} />
        ),
      )}
    </g>
  );
}

function useWidth(box: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return width;
}
