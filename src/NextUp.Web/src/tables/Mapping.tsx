import type { Api } from '../api';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { capital, counted } from '../words';
import { columnTypes, mappingOf, tableCalls, wishesOf, type ColumnWish, type ImportChoice, type TablePreview } from './tables';

interface Props {
  readonly api: Api;
  readonly preview: TablePreview;
  readonly choice: ImportChoice;
  readonly change: (part: Partial<ImportChoice>) => void;
  readonly saved: () => void;
}

/** Where each column of the file goes, and what it is; a change asks the server again. */
export function Mapping({ api, preview, choice, change, saved }: Props) {
  const hasProfile = choice.profile !== '';
  const isRemembered = !hasProfile && preview.profile !== null && choice.columns === null;
  const saving = useAction();
  const wishes = choice.columns ?? wishesOf(preview);
  const keep = (columns: readonly ColumnWish[]): void => change({ columns, mapping: mappingOf(preview.header, columns) });
  const save = (): Promise<boolean> =>
    saving.run(async () => {
      const profile = await tableCalls.saveProfile(api, preview.table, wishes);
      saved();
      change({ profile, columns: null });
    });
  return (
    <details open>
      <summary>
        {counted(preview.header.length, 'column', 'columns')}{' '}
        <span class="muted">
          {preview.how}, {preview.headerRow === 0 ? 'no header' : `header in row ${preview.headerRow}`}
        </span>
      </summary>
      {isRemembered ? <p class="hint">As you had it the last time you imported a file like this.</p> : null}
      <p class="hint">A key tells one record from another. Leave it unchecked where every row is a record of its own.</p>
      <div class="table-scroll" tabIndex={0} role="region" aria-label="Columns">
        <table class="mapping">
          <thead>
            <tr>
              <th scope="col">In the file</th>
              <th scope="col">Goes to</th>
              <th scope="col">Type</th>
              <th scope="col">Needed</th>
              <th scope="col">Key</th>
            </tr>
          </thead>
          <tbody>
            {preview.header.map((header) =>
              hasProfile ? (
                <ProfileRow key={header} header={header} preview={preview} choice={choice} change={change} />
              ) : (
                <FreeRow key={header} header={header} wishes={wishes} keep={keep} />
              ),
            )}
          </tbody>
        </table>
      </div>
      <Trouble text={saving.trouble} />
      {hasProfile ? null : (
        <div class="actions small">
          <button type="button" disabled={saving.isBusy || wishes.length === 0} onClick={() => void save()}>
            Keep these columns as the profile “{preview.table}”
          </button>
        </div>
      )}
    </details>
  );
}

/** The profile says what there is; the person says which is which. */
function ProfileRow({ header, preview, choice, change }: Omit<Props, 'api' | 'saved'> & { header: string }) {
  const column = preview.columns.find((one) => one.header === header);
  const map = (name: string): void => change({ mapping: { ...choice.mapping, [header]: name } });
  return (
    <tr>
      <th scope="row">{header}</th>
      <td data-name="Goes to">
        <select
          aria-label={`Where ${header} goes`}
          value={column?.name ?? ''}
          onChange={(event) => map(event.currentTarget.value)}
        >
          <option value="">Nowhere: leave it out</option>
          {preview.columns.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        {column?.why === 'similar' ? <span class="muted"> by likeness: please check</span> : null}
      </td>
      <td data-name="Type">{columnTypes.find(([type]) => type === column?.type)?.[1] ?? ''}</td>
      <td data-name="Needed">{column?.required ? 'yes' : ''}</td>
      <td data-name="Key">{column?.key ? 'yes' : ''}</td>
    </tr>
  );
}

/** No profile: the person may say what each column is. */
function FreeRow({
  header,
  wishes,
  keep,
}: {
  header: string;
  wishes: readonly ColumnWish[];
  keep: (columns: readonly ColumnWish[]) => void;
}) {
  const wish = wishes.find((one) => one.header === header);
  const others = wishes.filter((one) => one.header !== header);
  const set = (part: Partial<ColumnWish>): void => {
    const next = { header, name: header, type: 'text', required: false, key: false, ...wish, ...part };
    keep(wish === undefined ? [...others, next] : wishes.map((one) => (one.header === header ? next : one)));
  };
  const box = (label: string, value: boolean, change: (value: boolean) => void) => (
    <td data-name={capital(label)}>
      <input
        type="checkbox"
        aria-label={`${header}: ${label}`}
        checked={value}
        disabled={wish === undefined}
        onChange={(event) => change(event.currentTarget.checked)}
      />
    </td>
  );
  return (
    <tr>
      <th scope="row">{header}</th>
      <td data-name="Goes to">
        <select
          aria-label={`Where ${header} goes`}
          value={wish?.name ?? ''}
          onChange={(event) => (event.currentTarget.value === '' ? keep(others) : set({}))}
        >
          <option value="">Nowhere: leave it out</option>
          <option value={wish?.name ?? header}>{wish?.name ?? header}</option>
        </select>
      </td>
      <td data-name="Type">
        <select
          aria-label={`${header}: type`}
          value={wish?.type ?? 'text'}
          disabled={wish === undefined}
          onChange={(event) => set({ type: event.currentTarget.value })}
        >
          {columnTypes.map(([type, name]) => (
            <option key={type} value={type}>
              {name}
            </option>
          ))}
        </select>
      </td>
      {box('needed', wish?.required ?? false, (required) => set({ required }))}
      {box('key', wish?.key ?? false, (key) => set({ key }))}
    </tr>
  );
}
