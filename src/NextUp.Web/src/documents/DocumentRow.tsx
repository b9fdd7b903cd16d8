import { useState } from 'preact/hooks';
import type { Api } from '../api';
import { Confirm } from '../Confirm';
import type { KnownJob } from '../jobs/jobBook';
import { Waiting } from '../jobs/Waiting';
import { PositionBadge } from '../queue/PositionBadge';
import { jobHref } from '../routes';
import { useNow } from '../store';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { capital, counted, sizeWords, timeWords } from '../words';
import { documentCalls, exportHref, progressWords, stateOf, type Document, type DocumentState, type Progress } from './documents';
import { ReadText } from './ReadText';

interface Props {
  readonly document: Document;
  /** Its job as the live feed has it, which is newer. */
  readonly live: KnownJob | null;
  readonly api: Api;
  readonly changed: () => Promise<void>;
  readonly removed: (id: string) => void;
}

export function DocumentRow({ document, live, api, changed, removed }: Props) {
  const [isAsking, setAsking] = useState(false);
  const again = useAction();
  const state = stateOf(document, live?.job ?? null);
  const isOpen = state === 'pending' || state === 'processing';
  const position = state === 'pending' ? (live?.job.position ?? null) : null;
  return (
    <li class="document">
      <div class="document-head">
        <div class="job-name">
          <strong>{document.name}</strong>
          <p class="muted">{factsOf(document)}</p>
        </div>
        {position === null ? (
          <span class={`document-state document-${state}`}>{stateWords[state]}</span>
        ) : (
          <PositionBadge position={position} />
        )}
      </div>
      {state === 'pending' && live !== null ? <WaitingDocument known={live} /> : null}
      {state === 'processing' ? <Running name={document.name} progress={live?.job.progress ?? document.progress} /> : null}
      {isOpen ? null : <Trouble text={document.error ?? (state === 'failed' ? (live?.job.error ?? null) : null)} />}
      {document.warnings.map((warning) => (
        <p key={warning} class="muted">
          {warning}
        </p>
      ))}
      {document.chunks > 0 ? <ReadText key={document.job} of={document} api={api} /> : null}
      <Trouble text={again.trouble} />
      <div class="actions small">
        {document.chunks > 0 ? (
          <a class="button" href={exportHref(document.id)} download aria-label={`Export ${document.name}`}>
            Export
          </a>
        ) : null}
        {isOpen ? (
          <a class="button" href={jobHref(document.job)} aria-label={`Follow the job of ${document.name}`}>
            Follow its job
          </a>
        ) : (
          <button
            type="button"
            aria-label={`Process ${document.name} again`}
            disabled={again.isBusy}
            onClick={() => void again.run(() => documentCalls.reprocess(api, document.id).then(changed))}
          >
            Process again
          </button>
        )}
        <button type="button" class="danger" aria-label={`Delete ${document.name}`} onClick={() => setAsking(true)}>
          Delete
        </button>
      </div>
      {isAsking ? (
        <Confirm
          id={`delete-${document.id}`}
          title={`Delete ${document.name}?`}
          keep="Keep it"
          act="Delete it"
          work={async () => {
            await documentCalls.remove(api, document.id);
            removed(document.id);
            await changed();
          }}
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

const stateWords: Readonly<Record<DocumentState, string>> = {
  pending: 'Waiting',
  processing: 'Processing',
  completed: 'Searchable',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

function WaitingDocument({ known }: { known: KnownJob }) {
  return <Waiting known={known} now={useNow()} />;
}

function Running({ name, progress }: { name: string; progress: Progress | null }) {
  const words = progress === null ? 'Processing' : progressWords(progress);
  return (
    <div class="progress">
      <span>{capital(words)}</span>
      <progress max={100} value={progress?.percent ?? 0} aria-label={`How far ${name} is`} />
      <strong>{Math.floor(progress?.percent ?? 0)} %</strong>
    </div>
  );
}

function languageWords(code: string): string {
  return new Intl.DisplayNames(undefined, { type: 'language' }).of(code) ?? code;
}
