import { useState } from 'preact/hooks';
import type { Api } from '../api';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { counted } from '../words';
import { documentCalls, pageWords, type Found, type Hit } from './documents';
import { ReadText } from './ReadText';

const questionLengthMax = 1000;

/** One question over all documents. What was deleted since is not shown. */
export function SearchBox({ api, deleted }: { api: Api; deleted: ReadonlySet<string> }) {
  const [question, setQuestion] = useState('');
  const [found, setFound] = useState<Found | null>(null);
  const search = useAction();
  const ask = (event: Event): void => {
    event.preventDefault();
    if (question.trim() === '') return;
    void search.run(async () => setFound(await documentCalls.search(api, question.trim())));
  };
  return (
    <section class="card panel" aria-labelledby="search-title">
      <h2 id="search-title">Search them</h2>
      <form class="search" role="search" onSubmit={ask}>
        <input
          type="search"
          aria-label="What you look for"
          placeholder="Words, or a question"
          maxLength={questionLengthMax}
          value={question}
          onInput={(event) => setQuestion(event.currentTarget.value)}
        />
        <button type="submit" class="primary" disabled={search.isBusy}>
          Search
        </button>
      </form>
      <Trouble text={search.trouble} />
      {found === null ? null : <Hits api={api} found={found} hits={found.hits.filter((hit) => !deleted.has(hit.document))} />}
    </section>
  );
}

function Hits({ api, found, hits }: { api: Api; found: Found; hits: readonly Hit[] }) {
  return (
    <>
      <p role="status" class="muted">
        {hits.length === 0
          ? `Nothing was found for “${found.query}”.`
          : `${counted(hits.length, 'place', 'places')} for “${found.query}”.`}{' '}
        {found.byWordsOnly > 0 && found.byWordsOnly < found.searched
          ? `${counted(found.byWordsOnly, 'piece is', 'pieces are')} searched by words only until they are processed again.`
          : ''}
      </p>
      {found.note === null ? null : <p class="muted">{found.note}</p>}
      <ol class="hits">
        {hits.map((hit) => (
          <HitRow key={`${found.query} ${hit.document} ${hit.chunk}`} api={api} hit={hit} />
        ))}
      </ol>
    </>
  );
}

function HitRow({ api, hit }: { api: Api; hit: Hit }) {
  const where = [pageWords(hit), hit.headings].filter((words) => words !== null && words !== '').join(', ');
  return (
    <li class="hit">
      <p>
        <strong>{hit.name}</strong>
        {where === '' ? null : <span class="muted"> {where}</span>}
      </p>
      <p>
        {hit.pieces.map((piece, index) => (piece.isMarked ? <mark key={index}>{piece.text}</mark> : piece.text))}
      </p>
      <ReadText
        of={{ id: hit.document, name: hit.name }}
        api={api}
        from={hit.chunk}
        title={hit.pageFrom === null ? 'Read on from here' : `Open ${pageWords(hit)}`}
      />
    </li>
  );
}
