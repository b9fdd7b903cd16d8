import { expectedWords, hintWords, type RowError, type TablePreview } from './tables';

/** The first rows as the file has them. */
export function PreviewRows({ preview }: { preview: TablePreview }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="The first rows">
      <table>
        <thead>
          <tr>
            <th scope="col">Row</th>
            {preview.header.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row) => (
            <tr key={row.row} class={row.isWrong ? 'wrong-row' : undefined}>
              <th scope="row">{row.row}</th>
              {preview.header.map((name, at) => (
                <td key={name}>{row.cells[at] ?? ''}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What is wrong, row by row, and how much more there is. */
export function RowErrors({ errors, shownMax }: { errors: readonly RowError[]; shownMax: number }) {
  if (errors.length === 0) return null;
  const more = errors.length - shownMax;
  return (
    <ul class="row-errors" aria-label="What is wrong">
      {errors.slice(0, shownMax).map((error) => (
        <li key={`${error.row} ${error.column} ${error.code}`}>
          <strong>
            Row {error.row}
            {error.column === null ? '' : `, ${error.column}`}
          </strong>
          : {error.found === null ? 'nothing there' : `“${error.found}”`}, expected {expectedWords(error.expected)}.
          {hintWords(error) === null ? null : <span class="muted"> {hintWords(error)}</span>}
        </li>
      ))}
      {more > 0 ? <li class="muted">And {more.toLocaleString('en')} more.</li> : null}
    </ul>
  );
}
