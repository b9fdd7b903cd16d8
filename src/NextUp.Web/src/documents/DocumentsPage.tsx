import { useEffect, useMemo, useState } from 'preact/hooks';
import type { SubmissionResult } from '../api';
import type { JobBook } from '../jobs/jobBook';
import { Problem } from '../problem';
import { Trouble } from '../Trouble';
import { DropZone, type DropWords } from '../upload/DropZone';
import { useAction } from '../useAction';
import { useLastRead, useReadAgain, useReading } from '../useReading';
import type { Session } from '../users/session';
import { counted } from '../words';
import { DocumentRow } from './DocumentRow';
import { documentCalls, type Document, type DocumentPage } from './documents';
import { SearchBox } from './SearchBox';

/** Files in one request. */
const filesAtOnce = 20;

const words: DropWords = {
  accepted: '.pdf,.docx,.pptx,.xlsx,.xls,.html,.htm,.md,.txt,.csv,.json,.log,text/*,application/pdf',
  first: 'Drop your documents here',
  more: 'Add more documents',
  hint: 'PDF, Word, PowerPoint, Excel, HTML, Markdown and text. Each becomes searchable as soon as it is its turn.',
};

/** Documents: handed in, worked on, searched. */
export function DocumentsPage({ session, book }: { session: Session; book: JobBook }) {
  const isKnown = book.me !== null;
  return (
    <div class="stack narrow">
      <h1 tabIndex={-1}>Hand in documents, find what is in them</h1>
      {isKnown ? <Documents session={session} book={book} /> : <p class="muted">Asking the server</p>}
    </div>
  );
}

function Documents({ session, book }: { session: Session; book: JobBook }) {
  const { api } = session;
  const [page, read] = useReading('documents', () => documentCalls.list(api));
  const [older, setOlder] = useState<readonly DocumentPage[]>([]);
  const [deleted, setDeleted] = useState<ReadonlySet<string>>(new Set());
  const [sending, setSending] = useState(0);
  const [refused, setRefused] = useState<readonly SubmissionResult[]>([]);
  const upload = useAction();
  const more = useAction();

  // What the live feed says of jobs of this kind moves the list: when one begins, ends, or is there at all.
  const moved = useMemo(() => {
    const own = [...book.jobs.values()].filter(({ job }) => job.kind === 'documents');
    return own.map(({ job }) => `${job.id} ${job.state}`).join();
  }, [book.jobs]);
  useReadAgain(moved, read);
  useEffect(() => setOlder([]), [moved]);

  const choose = (files: File[]): void => {
    void upload.run(async () => {
      setRefused([]);
      setSending(files.length);
      for (let first = 0; first < files.length; first += filesAtOnce) {
        const results = await session.handIn('documents', files.slice(first, first + filesAtOnce));
        setRefused((before) => [...before, ...results.filter((result) => result.problem !== null)]);
      }
      await read();
    });
  };
  const readMore = async (after: string): Promise<void> => {
    const next = await documentCalls.list(api, after);
    setOlder((before) => [...before, next]);
  };

  const newest = useLastRead(page);
  const documents = [...(newest?.documents ?? []), ...older.flatMap((one) => one.documents)].filter(
    (document) => !deleted.has(document.id),
  );
  const next = (older[older.length - 1] ?? newest)?.next ?? null;
  return (
    <>
      <DropZone isSmall={documents.length > 0} words={words} choose={choose} />
      {upload.isBusy ? <p role="status">Handing in {counted(sending, 'file', 'files')} …</p> : null}
      <Trouble text={upload.trouble} />
      <Refused results={refused} documents={documents} dismiss={() => setRefused([])} />
      {documents.length > 0 ? <SearchBox api={api} deleted={deleted} /> : null}
      <Trouble text={page.state === 'failed' ? page.trouble : null} />
      {newest !== null && documents.length > 0 ? (
        <section class="card panel" aria-labelledby="documents-title">
          <h2 id="documents-title">Your documents</h2>
          <p class="muted">
            {counted(newest.holding.documents, 'document', 'documents')},{' '}
            {counted(newest.holding.chunks, 'searchable piece', 'searchable pieces')} of at most{' '}
            {newest.holding.chunksMax.toLocaleString('en')}.
          </p>
          <ul class="documents">
            {documents.map((document: Document) => (
              <DocumentRow
                key={document.id}
                document={document}
                live={book.jobs.get(document.job) ?? null}
                api={api}
                changed={read}
                removed={(id) => setDeleted((before) => new Set(before).add(id))}
              />
            ))}
          </ul>
          <Trouble text={more.trouble} />
          {next === null ? null : (
            <button type="button" disabled={more.isBusy} onClick={() => void more.run(() => readMore(next))}>
              Show older ones
            </button>
          )}
        </section>
      ) : null}
    </>
  );
}

interface RefusedProps {
  readonly results: readonly SubmissionResult[];
  readonly documents: readonly Document[];
  readonly dismiss: () => void;
}

/** What was not taken, and why. A duplicate is told as what it is: there already. */
function Refused({ results, documents, dismiss }: RefusedProps) {
  if (results.length === 0) return null;
  return (
    <section class="card panel" role="alert" aria-label="Not handed in">
      <ul class="documents">
        {results.map(({ fileName, problem }, index) => (
          <li key={`${index} ${fileName}`}>
            <strong>{fileName}</strong>
            <p class={isDuplicate(problem) ? 'muted' : 'trouble'}>
              {isDuplicate(problem) ? duplicateWords(problem, documents) : problem?.detail}
            </p>
          </li>
        ))}
      </ul>
      <div class="actions small">
        <button type="button" onClick={dismiss}>
          Dismiss
        </button>
      </div>
    </section>
  );
}

function duplicateWords(problem: Problem | null, documents: readonly Document[]): string {
  const same = documents.find((one) => one.id === problem?.existingDocument);
  const name = same === undefined ? 'this document' : same.name;
  return `You have ${name} with the same content already; nothing was handed in twice.`;
}

function isDuplicate(problem: Problem | null): boolean {
  return problem !== null && problem.existingDocument !== null;
}
