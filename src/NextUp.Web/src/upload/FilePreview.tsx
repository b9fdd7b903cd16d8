import type { Preview, PreviewEntry, PreviewProblem } from '../model';
import { counted, sizeWords } from '../words';
import { elsewhere } from './elsewhere';
import { fieldWords } from './fields';
import type { ChosenFile } from './submission';

export function FilePreview({ chosen, isOpen, remove }: { chosen: ChosenFile; isOpen: boolean; remove: () => void }) {
  const { file, preview } = chosen;
  return (
    <li class="chosen-file">
      <div class="chosen-head">
        <div class="job-name">
          <strong>{file.name}</strong>
          <p class="muted">
            {sizeWords(file.size)}
            {preview.state === 'reading' ? ', reading' : ''}
            {preview.state === 'ready' ? `, ${counted(preview.preview.totalEntries, 'entry', 'entries')}` : ''}
          </p>
        </div>
        <button type="button" class="quiet" aria-label={`Remove ${file.name}`} onClick={remove}>
          Remove
        </button>
      </div>
      {preview.state === 'unfit' ? <p class="trouble">It cannot be submitted: {preview.reason}</p> : null}
      {preview.state === 'unfit' ? <Elsewhere fileName={file.name} /> : null}
      {preview.state === 'unknown' ? <p class="muted">There is no preview: {preview.reason}</p> : null}
      {preview.state === 'ready' ? <Contents preview={preview.preview} fileName={file.name} isOpen={isOpen} /> : null}
    </li>
  );
}

function Elsewhere({ fileName }: { fileName: string }) {
  const place = elsewhere(fileName);
  return place === null ? null : (
    <p>
      Files like this are handed in under <a href={place.href}>{place.title}</a>.
    </p>
  );
}

function Contents({ preview, fileName, isOpen }: { preview: Preview; fileName: string; isOpen: boolean }) {
  const missing = [...preview.missing].filter(([, count]) => count > 0).sort(([, left], [, right]) => right - left);
  const shown = preview.entries.length;
  const isPart = preview.truncated || shown < preview.totalEntries;
  return (
    <>
      {missing.length === 0 ? (
        <p>Nothing seems to be missing.</p>
      ) : (
        <div class="missing">
          <span class="muted">Missing</span>
          <ul class="chips" aria-label={`Missing in ${fileName}`}>
            {missing.map(([field, count]) => (
              <li key={field} class="chip">
                {fieldWords(field)} <strong>{count}</strong>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Problems problems={preview.problems} />
      <details open={isOpen}>
        <summary>{isPart ? `The first ${shown} entries` : counted(shown, 'entry', 'entries')}</summary>
        <div class="table-box" tabIndex={0} role="region" aria-label={`Entries of ${fileName}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Entry</th>
                <th scope="col">Author</th>
                <th scope="col">Year</th>
                <th scope="col">Missing</th>
              </tr>
            </thead>
            <tbody>
              {preview.entries.map((entry, index) => (
                <Row key={`${entry.line} ${index}`} entry={entry} />
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}

function Row({ entry }: { entry: PreviewEntry }) {
  return (
    <tr>
      <td>
        {entry.title ?? <span class="muted">No title</span>}
        <span class="sub">
          <code>{entry.key}</code>, {entry.type}, line {entry.line}
        </span>
      </td>
      <td data-name="Author" class={entry.author === null ? 'none' : ''}>
        <span class="clip">{entry.author ?? '–'}</span>
      </td>
      <td data-name="Year" class={entry.year === null ? 'year none' : 'year'}>
        {entry.year ?? '–'}
      </td>
      <td data-name="Missing">{entry.missing.length === 0 ? 'nothing' : entry.missing.map(fieldWords).join(', ')}</td>
    </tr>
  );
}

function Problems({ problems }: { problems: readonly PreviewProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <details class="problems" open={problems.length <= 5}>
      <summary>{counted(problems.length, 'problem', 'problems')} in the file</summary>
      <p class="muted">What cannot be read stays as it is.</p>
      <ul>
        {problems.map((problem, index) => (
          <li key={index}>
            <strong>Line {problem.line}</strong>: {problem.message}
          </li>
        ))}
      </ul>
    </details>
  );
}
