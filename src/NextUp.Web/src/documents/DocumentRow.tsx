import { useState } from 'preact/hooks';
import type { Api } from '../api';
import { Confirm } from '../Confirm';
import type { Job } from '../model';
import { jobHref } from '../routes';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { capital, counted, sizeWords, timeWords } from '../words';
import { documentCalls, exportHref, progressWords, type Document } from './documents';
import { ReadText } from './ReadText';

interface Props {
  readonly document: Document;
  /** Its job as the live feed has it, which is newer. */
  readonly live: Job | null;
  readonly api: Api;
  readonly changed: () => Promise<void>;
}

export function DocumentRow({ document, live, api, changed }: Props) {
  const [isAsking, setAsking] = useState(false);
  const again = useAction();
  const isOpen = document.state === 'pending' || document.state === 'processing';
  const progress = isOpen ? (live?.progress ?? document.progress) : null;
  return (
    <li class="document">
      <div class="document-head">
        <div class="job-name">
          <strong>{document.name}</strong>
          <p class="muted">{factsOf(document)}</p>
        </div>
        <span class={`document-state document-${document.state}`}>{capital(stateWords(document, live))}</span>
      </div>
      {progress === null ? null : (
        <div class="document-progress">
          <progress max={100} value={progress.percent} aria-label={`How far ${document.name} is`} />
          <span class="muted">{document.state === 'pending' ? 'Waits for its turn' : progressWords(progress)}</span>
        </div>
      )}
      {document.error === null ? null : <p class="trouble">{document.error}</p>}
      {document.warnings.map((warning) => (
        <p key={warning} class="muted">
          {warning}
        </p>
      ))}
      {document.chunks > 0 ? <ReadText key={document.job} document={document} api={api} /> : null}
      <Trouble text={again.trouble} />
      <div class="actions">
        {document.chunks > 0 ? (
          <a href={exportHref(document.id)} download>
            Export
          </a>
        ) : null}
        {isOpen ? <a href={jobHref(document.job)}>Follow its job</a> : null}
        {isOpen ? null : (
          <button
            type="button"
            class="quiet"
            disabled={again.isBusy}
            onClick={() => void again.run(() => documentCalls.reprocess(api, document.id).then(changed))}
          >
            Process again
          </button>
        )}
        <button type="button" class="quiet" aria-label={`Delete ${document.name}`} onClick={() => setAsking(true)}>
          Delete
        </button>
      </div>
      {isAsking ? (
        <Confirm
          id={`delete-${document.id}`}
          title={`Delete ${document.name}?`}
          keep="Keep it"
          act="Delete it"
          work={() => documentCalls.remove(api, document.id).then(changed)}
          close={() => setAsking(false)}
        >
          It goes with everything that was made of it, and is no longer found. This cannot be undone.
        </Confirm>
      ) : null}
    </li>
  );
}

function factsOf(document: Document): string {
  const facts = [sizeWords(document.size)];
  if (document.pages !== null) facts.push(counted(document.pages, 'page', 'pages'));
  if (document.chunks > 0) facts.push(counted(document.chunks, 'piece', 'pieces'));
  if (document.language !== null) facts.push(languageWords(document.language));
  facts.push(timeWords(document.createdAt, Date.now()));
  return facts.join(', ');
}

function stateWords(document: Document, live: Job | null): string {
  if (document.state === 'completed') return 'searchable';
  const isRunning = document.state === 'processing' || live?.state === 'processing';
  return document.state === 'pending' && !isRunning ? 'waiting' : document.state === 'pending' ? 'processing' : document.state;
}

function languageWords(code: string): string {
  return new Intl.DisplayNames(undefined, { type: 'language' }).of(code) ?? code;
}
