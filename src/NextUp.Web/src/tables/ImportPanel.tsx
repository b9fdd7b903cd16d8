import { useState } from 'preact/hooks';
import type { Api, SubmissionResult } from '../api';
import { Trouble } from '../Trouble';
import { DropZone, type DropWords } from '../upload/DropZone';
import { useAction } from '../useAction';
import { lookWords, noChoice, optionsOf, tableCalls, templatePath, type ImportChoice, type Profile, type TablePreview } from './tables';
import { sizeWords } from '../words';
import { Mapping } from './Mapping';
import { PreviewRows, RowErrors } from './Rows';

interface Props {
  readonly api: Api;
  readonly profiles: readonly Profile[];
  readonly handIn: (file: File, options: Readonly<Record<string, unknown>>) => Promise<SubmissionResult | undefined>;
  /** A file was taken. */
  readonly begun: () => void;
  /** A profile was saved. */
  readonly saved: () => void;
}

const words: DropWords = {
  accepted: '.csv,.tsv,.txt,.xlsx,.xlsm,.xls',
  first: 'Drop a table here',
  more: 'Choose another table',
  hint: 'CSV with any separator, xlsx or xls. You see how it is read before anything is imported.',
  isSingle: true,
};

const errorsShownMax = 20;

/** Choose a file, see how it would be read and mapped, change that, and import it. */
export function ImportPanel({ api, profiles, handIn, begun, saved }: Props) {
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
      const result = await handIn(file, optionsOf(choice));
      if (result?.problem) throw result.problem;
      forget();
      begun();
    });
  const forget = (): void => {
    setFile(null);
    setPreview(null);
    setChoice(noChoice);
  };
  return (
    <section class="card panel" aria-labelledby="import-title">
      <h2 id="import-title">Import a table</h2>
      <DropZone
        isSmall={file !== null}
        words={words}
        choose={([first]) => (first === undefined ? undefined : look(first, noChoice))}
      />
      {file === null ? null : (
        <p class="file-line" role="status">
          <strong>{file.name}</strong> <span class="muted">{looking.isBusy ? 'is being looked at …' : sizeWords(file.size)}</span>
        </p>
      )}
      <Trouble text={looking.trouble} />
      {file !== null && (preview !== null || looking.trouble !== null) ? (
        <Choices
          choice={choice}
          profiles={profiles}
          table={preview?.table ?? ''}
          hasKey={preview?.columns.some((column) => column.key) ?? false}
          change={change}
        />
      ) : null}
      {preview === null ? null : (
        <>
          <Mapping api={api} preview={preview} choice={choice} change={change} saved={saved} />
          <PreviewRows preview={preview} />
          <p class={preview.wrong > 0 ? 'warning' : 'muted'}>{lookWords(preview)}</p>
          <RowErrors errors={preview.errors} shownMax={errorsShownMax} />
          <Trouble text={importing.trouble} />
          <div class="actions">
            <button
              type="button"
              class="primary"
              disabled={importing.isBusy || looking.isBusy}
              onClick={() => void submit()}
            >
              {importing.isBusy ? 'Handing in …' : choice.mode === 'dryRun' ? 'Try the import' : 'Import'}
            </button>
            <button type="button" class="quiet" disabled={importing.isBusy} onClick={forget}>
              Leave it
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
  readonly hasKey: boolean;
  readonly change: (part: Partial<ImportChoice>) => void;
}

function Choices({ choice, profiles, table, hasKey, change }: ChoicesProps) {
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
      <Choice label="Rows that are wrong" value={choice.mode} set={(mode) => change({ mode })}>
        {[
          ['validRows', 'Leave them out'],
          ['allOrNothing', 'Then import nothing at all'],
          ['dryRun', 'Nothing is imported: only try it out'],
        ]}
      </Choice>
      {hasKey ? (
        <Choice label="Rows whose key is there already" value={choice.duplicates} set={(duplicates) => change({ duplicates })}>
          {[
            ['skip', 'Leave them out'],
            ['update', 'Replace the record'],
            ['reject', 'Count them as wrong'],
          ]}
        </Choice>
      ) : null}
      <Choice label="Dates" value={choice.dates} set={(dates) => change({ dates })}>
        {[
          ['', 'Only unmistakable ones'],
          ['dayMonthYear', 'Day, month, year'],
          ['monthDayYear', 'Month, day, year'],
          ['yearMonthDay', 'Year, month, day'],
        ]}
      </Choice>
      <Choice label="Decimals" value={choice.decimalMark} set={(decimalMark) => change({ decimalMark })}>
        {[
          ['', 'Only unmistakable ones'],
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
