/* A user's documents: what the page knows of them, and the calls. */
import type { Api } from '../api';
import { Fields } from '../json';
import type { Job, JobId } from '../model';

export const pageSize = 50;

export type DocumentState = 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled';

const states: readonly DocumentState[] = ['pending', 'processing', 'completed', 'failed', 'cancelled'];

export interface Document {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly state: DocumentState;
  readonly error: string | null;
  readonly job: JobId;
  readonly progress: Progress | null;
  readonly chunks: number;
  readonly pages: number | null;
  readonly language: string | null;
  readonly model: string | null;
  readonly warnings: readonly string[];
  readonly createdAt: Date;
}

export interface Progress {
  readonly percent: number;
  readonly done: number;
  readonly total: number | null;
  readonly step: string;
}

export interface Holding {
  readonly documents: number;
  readonly documentsMax: number;
  readonly chunks: number;
  readonly chunksMax: number;
}

export interface DocumentPage {
  readonly documents: readonly Document[];
  readonly next: string | null;
  readonly holding: Holding;
}

export interface Hit {
  readonly document: string;
  readonly name: string;
  readonly chunk: number;
  readonly pageFrom: number | null;
  readonly pageTo: number | null;
  readonly headings: string;
  readonly pieces: readonly Piece[];
}

/** A stretch of a snippet, marked where it is what was looked for. */
export interface Piece {
  readonly text: string;
  readonly isMarked: boolean;
}

export interface Found {
  readonly query: string;
  readonly hits: readonly Hit[];
  readonly searched: number;
  readonly byWordsOnly: number;
  readonly note: string | null;
}

/** A piece of a document's text. */
export interface Chunk {
  readonly ordinal: number;
  readonly text: string;
  readonly pageFrom: number | null;
  readonly headings: string;
}

const chunksAtOnce = 50;

const path = '/api/v1/documents';

export const documentCalls = {
  async list(api: Api, after: string | null = null): Promise<DocumentPage> {
    const query = new URLSearchParams({ limit: String(pageSize) });
    if (after !== null) query.set('after', after);
    const page = Fields.of(await api.json(`${path}?${query}`), 'documents');
    const holding = page.child('holding');
    return {
      documents: page.children('documents', readDocument),
      next: page.textOrNull('next'),
      holding: {
        documents: holding.number('documents'),
        documentsMax: holding.number('documentsMax'),
        chunks: holding.number('chunks'),
        chunksMax: holding.number('chunksMax'),
      },
    };
  },

  async search(api: Api, question: string): Promise<Found> {
    const query = new URLSearchParams({ q: question, limit: '20' });
    const found = Fields.of(await api.json(`${path}/search?${query}`), 'found');
    return {
      query: found.text('query'),
      hits: found.children('hits', readHit),
      searched: found.number('searched'),
      byWordsOnly: found.number('byWordsOnly'),
      note: found.textOrNull('note'),
    };
  },

  /** The text from a chunk on, and where it goes on; null at the end. */
  async chunks(api: Api, id: string, from: number): Promise<{ chunks: Chunk[]; next: number | null }> {
    const query = `from=${from}&limit=${chunksAtOnce}`;
    const page = Fields.of(await api.json(`${path}/${encodeURIComponent(id)}/chunks?${query}`), 'chunks');
    const chunks = page.children('chunks', (chunk) => ({
      ordinal: chunk.number('ordinal'),
      text: chunk.text('text'),
      pageFrom: chunk.numberOrNull('pageFrom'),
      headings: chunk.text('headings'),
    }));
    return { chunks, next: page.numberOrNull('next') };
  },

  async remove(api: Api, id: string): Promise<void> {
    await api.send('DELETE', `${path}/${encodeURIComponent(id)}`);
  },

  async reprocess(api: Api, id: string): Promise<void> {
    await api.send('POST', `${path}/${encodeURIComponent(id)}/reprocess`);
  },
};

export function exportHref(id: string): string {
  return `${path}/${encodeURIComponent(id)}/export`;
}

function readDocument(fields: Fields): Document {
  const progress = fields.childOrNull('progress');
  return {
    id: fields.text('id'),
    name: fields.text('name'),
    size: fields.number('size'),
    state: fields.oneOf('state', states),
    error: fields.textOrNull('error'),
    job: fields.text('job') as JobId,
    progress:
      progress === null
        ? null
        : {
            percent: progress.number('percent'),
            done: progress.number('done'),
            total: progress.numberOrNull('total'),
            step: progress.text('step'),
          },
    chunks: fields.number('chunks'),
    pages: fields.numberOrNull('pages'),
    language: fields.textOrNull('language'),
    model: fields.textOrNull('model'),
    warnings: fields.texts('warnings'),
    createdAt: fields.date('createdAt'),
  };
}

function readHit(fields: Fields): Hit {
  const snippet = fields.child('snippet');
  const marks = snippet.children('marks', (mark) => ({ from: mark.number('from'), to: mark.number('to') }));
  return {
    document: fields.text('document'),
    name: fields.text('name'),
    chunk: fields.number('chunk'),
    pageFrom: fields.numberOrNull('pageFrom'),
    pageTo: fields.numberOrNull('pageTo'),
    headings: fields.text('headings'),
    pieces: piecesOf(snippet.text('text'), marks),
  };
}

/** The text cut where marks begin and end. Marks are in order and do not overlap; ones that do not fit are left out. */
export function piecesOf(text: string, marks: readonly { from: number; to: number }[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { from, to } of marks) {
    if (from < at || to <= from || to > text.length) continue;
    if (from > at) pieces.push({ text: text.slice(at, from), isMarked: false });
    pieces.push({ text: text.slice(from, to), isMarked: true });
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isMarked: false });
  return pieces;
}

/** "page 3", "pages 3 to 4"; null where the document has no pages. */
export function pageWords(hit: Hit): string | null {
  if (hit.pageFrom === null) return null;
  return hit.pageTo === null || hit.pageTo === hit.pageFrom ? `page ${hit.pageFrom}` : `pages ${hit.pageFrom} to ${hit.pageTo}`;
}

/**
 * The state of a document. The list is as old as its answer, and a job that the live feed has is newer: what it says while
 * it waits or runs counts, and its end, until the list is read again.
 */
export function stateOf(document: Document, live: Job | null): DocumentState {
  const isOpen = document.state === 'pending' || document.state === 'processing';
  if (!isOpen || live === null) return document.state;
  // It is searchable when the list says so, with all that it then says of it.
  return live.state === 'completed' ? 'processing' : live.state;
}

/** What a document is doing, in a line. */
export function progressWords(progress: Progress): string {
  if (progress.step === '') return 'Processing';
  return progress.total === null ? progress.step : `${progress.step}, ${progress.done} of ${progress.total}`;
}
