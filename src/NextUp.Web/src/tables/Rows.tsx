import type { RowError, TablePreview } from './tables';

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

/** What is wrong, row by row. */
export function RowErrors({ errors }: { errors: readonly RowError[] }) {
  if (errors.length === 0) return null;
  return (
    <ul class="row-errors" aria-label="What is wrong">
      {errors.map((error) => (
        <li key={`${error.row} ${error.column} ${error.code}`}>
          <strong>
            Row {error.row}
            {error.column === null ? '' : `, ${error.column}`}
          </strong>
          : {error.found === null ? 'nothing there' : `“${error.found}”`}, expected {error.expected}.
          {error.hint === null ? null : <span class="muted"> {error.hint}</span>}
        </li>
      ))}
    </ul>
  );
}
