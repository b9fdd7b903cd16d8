import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Api } from '../api';
import { Confirm } from '../Confirm';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { useReading } from '../useReading';
import { counted } from '../words';
import { exportPath, tableCalls, type RecordRow, type Table } from './tables';

const operators: readonly (readonly [string, string])[] = [
  ['contains', 'contains'],
  ['eq', 'is'],
  ['ge', 'is at least'],
  ['le', 'is at most'],
];

interface Props {
  readonly api: Api;
  readonly tables: readonly Table[];
  /** Another one says that records may have changed. */
  readonly version: string;
  readonly changed: () => Promise<void>;
}

/** The records of a table, page by page, with a condition. */
export function Records({ api, tables, version, changed }: Props) {
  const [name, setName] = useState('');
  const [isAsking, setAsking] = useState(false);
  const table = tables.find((one) => one.name === name) ?? tables[0];
  if (table === undefined) return null;
  return (
    <section class="card panel" aria-labelledby="records-title">
      <h2 id="records-title">Records</h2>
      <label class="field">
        Table
        <select value={table.name} onChange={(event) => setName(event.currentTarget.value)}>
          {tables.map((one) => (
            <option key={one.name} value={one.name}>
              {one.name} ({one.records.toLocaleString('en')})
            </option>
          ))}
        </select>
      </label>
      <TableRecords key={`${table.name} ${table.records} ${version}`} api={api} table={table}>
        <button type="button" class="danger" aria-label={`Delete ${table.name}`} onClick={() => setAsking(true)}>
          Delete the table
        </button>
      </TableRecords>
      {isAsking ? (
        <Confirm
          id="delete-table"
          title={`Delete ${table.name}?`}
          keep="Keep it"
          act="Delete it"
          work={() => tableCalls.removeTable(api, table.name).then(changed)}
          close={() => setAsking(false)}
        >
          {counted(table.records, 'record goes', 'records go')} with it. This cannot be undone.
        </Confirm>
      ) : null}
    </section>
  );
}

function TableRecords({ api, table, children }: { api: Api; table: Table; children: ComponentChildren }) {
  const [filter, setFilter] = useState('');
  const [more, setMore] = useState<{ records: RecordRow[]; next: string | null } | null>(null);
  const [answer] = useReading(`records ${table.name} ${filter}`, () => tableCalls.records(api, table.name, filter, null));
  const reading = useAction();
  const first = answer.state === 'read' ? answer.value : { records: [], next: null };
  const next = more === null ? first.next : more.next;
  const records = [...first.records, ...(more?.records ?? [])];
  const readOn = (): Promise<boolean> =>
    reading.run(async () => {
      const page = await tableCalls.records(api, table.name, filter, next);
      setMore({ records: [...(more?.records ?? []), ...page.records], next: page.next });
    });
  const apply = (text: string): void => {
    setMore(null);
    setFilter(text);
  };
  return (
    <>
      <Condition columns={table.columns} apply={apply} />
      {answer.state === 'failed' ? <Trouble text={answer.trouble} /> : null}
      <div class="table-scroll" tabIndex={0} role="region" aria-label={`Records of ${table.name}`}>
        <table>
          <thead>
            <tr>
              {table.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {records.map((record) => (
              <tr key={`${record.import} ${record.row}`}>
                {table.columns.map((column) => (
                  <td key={column}>{String(record.values[column] ?? '')}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {answer.state === 'read' ? <p role="status" class="muted">{shownWords(records.length, next !== null, filter)}</p> : null}
      <Trouble text={reading.trouble} />
      <div class="actions small">
        {next === null ? null : (
          <button type="button" disabled={reading.isBusy} onClick={() => void readOn()}>
            {records.length === 0 ? 'Look on' : 'Show more'}
          </button>
        )}
        <a class="button" href={exportPath(table.name, filter, 'csv')} download>
          Export as CSV
        </a>
        <a class="button" href={exportPath(table.name, filter, 'jsonl')} download>
          Export as JSON lines
        </a>
        {children}
      </div>
    </>
  );
}

function shownWords(shown: number, hasMore: boolean, filter: string): string {
  if (shown === 0 && !hasMore) return filter === '' ? 'There are no records.' : 'No record fits.';
  return hasMore ? `The first ${counted(shown, 'record', 'records')}.` : `${counted(shown, 'record', 'records')}.`;
}

function Condition({ columns, apply }: { columns: readonly string[]; apply: (filter: string) => void }) {
  const [column, setColumn] = useState(columns[0] ?? '');
  const [operator, setOperator] = useState('contains');
  const [value, setValue] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    apply(value === '' ? '' : `${column}:${operator}:${value}`);
  };
  return (
    <form class="table-condition" onSubmit={submit}>
      <select aria-label="Column" value={column} onChange={(event) => setColumn(event.currentTarget.value)}>
        {columns.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
      <select aria-label="Condition" value={operator} onChange={(event) => setOperator(event.currentTarget.value)}>
        {operators.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      <input type="search" aria-label="Value" value={value} onInput={(event) => setValue(event.currentTarget.value)} />
      <button type="submit">Show</button>
    </form>
  );
}
