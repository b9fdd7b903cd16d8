import { useState } from 'preact/hooks';
import type { Api } from '../api';
import type { JobId } from '../model';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { noChoice, optionsOf, tableCalls, templatePath, type ImportChoice, type Profile, type TablePreview } from './tables';
import { Mapping } from './Mapping';
import { PreviewRows, RowErrors } from './Rows';

interface Props {
  readonly api: Api;
  readonly profiles: readonly Profile[];
  readonly begun: (id: JobId) => void;
  /** A profile was saved. */
  readonly saved: () => void;
}

/** Choose a file, see how it would be read and mapped, change that, and import it. */
export function ImportPanel({ api, profiles, begun, saved }: Props) {
  const [file, setFile] = useState<File | null>(null);
  const [choice, setChoice] = useState<ImportChoice>(noChoice);
  const [preview, setPreview] = useState<TablePreview | null>(null);
  const looking = useAction();
  const importing = useAction();

  const look = (next: File, chosen: ImportChoice): void => {
    setFile(next);
    setChoice(chosen);
    void looking.run(async () => setPreview(await tableCalls.preview(api, next, chosen))).then((isSeen) => {
      if (!isSeen) setPreview(null);
    });
  };
  const change = (part: Partial<ImportChoice>): void => {
    if (file !== null) look(file, { ...choice, ...part });
  };
  const submit = (): Promise<boolean> =>
    importing.run(async () => {
      if (file === null) return;
      const [result] = await api.submit({
        kind: 'tables',
        whenBusy: null,
        options: optionsOf(choice),
        priority: 0,
        notBefore: null,
        files: [file],
        idempotencyKey: crypto.randomUUID(),
      });
      if (result === undefined) return;
      if (result.problem !== null) throw result.problem;
      begun(result.job.id);
      setFile(null);
      setPreview(null);
      setChoice(noChoice);
    });

  const drop = (event: DragEvent): void => {
    event.preventDefault();
    const dropped = event.dataTransfer?.files[0];
    if (dropped !== undefined) look(dropped, noChoice);
  };
  const pick = (event: Event & { currentTarget: HTMLInputElement }): void => {
    const picked = event.currentTarget.files?.[0];
    if (picked !== undefined) look(picked, noChoice);
    // The same file may be chosen again after it was changed.
    event.currentTarget.value = '';
  };
  return (
    <section class="card panel" aria-labelledby="import-title">
      <h2 id="import-title">Import a table</h2>
      <label class="drop" onDrop={drop} onDragOver={(event) => event.preventDefault()}>
        <input type="file" class="unseen" accept=".csv,.tsv,.txt,.xlsx,.xlsm,.xls" onChange={pick} />
        <span>
          <strong>{file === null ? 'Drop a table here' : file.name}</strong>
          {file === null ? ', or choose it' : ''}
        </span>
        <span class="muted">CSV with any separator, xlsx or xls. You see how it is read before it is imported.</span>
      </label>
      <Trouble text={looking.trouble} />
      {file !== null && (preview !== null || looking.trouble !== null) ? (
        <Choices choice={choice} profiles={profiles} table={preview?.table ?? ''} change={change} />
      ) : null}
      {preview === null ? null : (
        <>
          <Mapping api={api} preview={preview} choice={choice} change={change} saved={saved} />
          <PreviewRows preview={preview} />
          <p class={preview.wrong > 0 ? 'warning' : 'muted'}>
            {preview.wrong} of the {preview.isWhole ? '' : 'first '}
            {preview.looked} rows {preview.wrong === 1 ? 'is' : 'are'} wrong.
          </p>
          <RowErrors errors={preview.errors.slice(0, 20)} />
          <Trouble text={importing.trouble} />
          <div class="actions">
            <button type="button" class="primary" disabled={importing.isBusy || looking.isBusy} onClick={() => void submit()}>
              {choice.mode === 'dryRun' ? 'Try the import' : 'Import'}
            </button>
          </div>
        </>
      )}
    </section>
  );
}

interface ChoicesProps {
  readonly choice: ImportChoice;
  readonly profiles: readonly Profile[];
  readonly table: string;
  readonly change: (part: Partial<ImportChoice>) => void;
}

function Choices({ choice, profiles, table, change }: ChoicesProps) {
  return (
    <div class="table-choices">
      <Choice label="Profile" value={choice.profile} set={(profile) => change({ profile, mapping: {}, columns: null })}>
        {[['', 'None: as the file is'], ...profiles.map((one) => [one.id, one.name] as const)]}
      </Choice>
      <label>
        Into the table
        <input
          type="text"
          maxLength={100}
          value={choice.table === '' ? table : choice.table}
          onChange={(event) => change({ table: event.currentTarget.value })}
        />
      </label>
      <Choice label="Wrong rows" value={choice.mode} set={(mode) => change({ mode })}>
        {[
          ['validRows', 'Leave them out'],
          ['allOrNothing', 'Then import nothing'],
          ['dryRun', 'Only try it out'],
        ]}
      </Choice>
      <Choice label="Known keys" value={choice.duplicates} set={(duplicates) => change({ duplicates })}>
        {[
          ['skip', 'Pass them over'],
          ['update', 'Replace the record'],
          ['reject', 'Count them as wrong'],
        ]}
      </Choice>
      <Choice label="Dates" value={choice.dates} set={(dates) => change({ dates })}>
        {[
          ['', 'As they say themselves'],
          ['dayMonthYear', 'Day, month, year'],
          ['monthDayYear', 'Month, day, year'],
          ['yearMonthDay', 'Year, month, day'],
        ]}
      </Choice>
      <Choice label="Decimals" value={choice.decimalMark} set={(decimalMark) => change({ decimalMark })}>
        {[
          ['', 'As they say themselves'],
          ['.', 'Point: 1,234.50'],
          [',', 'Comma: 1.234,50'],
        ]}
      </Choice>
      {choice.profile === '' ? null : (
        <p>
          <a href={templatePath(choice.profile)} download>
            Template of this profile
          </a>
        </p>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly children: readonly (readonly string[])[];
}

function Choice({ label, value, set, children }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        {children.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
