import type { ComponentChildren } from 'preact';
import type { Answer } from './poll';

interface PanelProps {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
  /** What is shown came from this; where it could not be asked anew, the panel says so. */
  readonly answer?: Answer<unknown>;
  readonly aside?: ComponentChildren;
  readonly class?: string;
}

/** A part of the page, under a heading that the menu can lead to. */
export function Panel({ id, title, children, answer, aside, class: more = '' }: PanelProps) {
  return (
    <section id={id} class={`card panel ${more}`} aria-labelledby={`${id}-title`}>
      <div class="panel-head">
        <h2 id={`${id}-title`} tabIndex={-1}>
          {title}
        </h2>
        {aside}
      </div>
      {answer?.trouble == null ? null : (
        <p class="notice">
          {answer.at === null ? '' : `This is of ${answer.at.toLocaleTimeString()}. `}
          {answer.trouble}
        </p>
      )}
      {answer !== undefined && answer.value === null && answer.trouble === null ? <p class="muted">Loading</p> : null}
      {children}
    </section>
  );
}

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
  /** Names the row. */
  readonly isHead?: boolean;
  readonly class?: string;
}

interface TableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  /** Said instead of a table without rows. */
  readonly empty: string;
}

/** A table that scrolls inside its own box, which the keyboard can reach for that. */
export function Table<Row>({ label, rows, columns, rowKey, empty }: TableProps<Row>) {
  if (rows.length === 0) return <p class="muted">{empty}</p>;
  return (
    <div class="table-box" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={column.isNumber ? 'number' : undefined}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => cellOf(column, row))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellOf<Row>(column: Column<Row>, row: Row) {
  const look = [column.isNumber ? 'number' : '', column.class ?? ''].filter((one) => one !== '').join(' ');
  return column.isHead ? (
    <th key={column.title} scope="row" class={look}>
      {column.cell(row)}
    </th>
  ) : (
    <td key={column.title} class={look}>
      {column.cell(row)}
    </td>
  );
}

interface PagingProps {
  readonly after: string | null;
  /** Where the older ones begin; null where there are none. */
  readonly next: string | null;
  readonly go: (after: string | null) => void;
  readonly older: string;
}

/** The way through a list that comes in pages, newest first; nothing where it is all on one. */
export function Paging({ after, next, go, older }: PagingProps) {
  if (after === null && next === null) return null;
  return (
    <div class="actions">
      {next === null ? null : (
        <button type="button" onClick={() => go(next)}>
          {older}
        </button>
      )}
      {after === null ? null : (
        <button type="button" onClick={() => go(null)}>
          Back to the newest
        </button>
      )}
    </div>
  );
}
