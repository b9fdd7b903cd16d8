import { useState } from 'preact/hooks';
import type { Api } from '../api';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { documentCalls, type Chunk } from './documents';

interface Props {
  readonly of: { readonly id: string; readonly name: string };
  readonly api: Api;
  /** The piece to begin with. */
  readonly from?: number;
  readonly title?: string;
}

/** What was read of a document, piece by piece, for those who open it. */
export function ReadText({ of: document, api, from = 0, title = 'What was read' }: Props) {
  const [chunks, setChunks] = useState<readonly Chunk[]>([]);
  const [next, setNext] = useState<number | null>(from);
  const reading = useAction();
  const readOn = (): void => {
    if (next === null) return;
    void reading.run(async () => {
      const page = await documentCalls.chunks(api, document.id, next);
      setChunks((before) => [...before, ...page.chunks]);
      setNext(page.next);
    });
  };
  return (
    <details onToggle={(event) => (event.currentTarget.open && chunks.length === 0 ? readOn() : undefined)}>
      <summary>{title}</summary>
      {chunks.length === 0 ? null : (
        <ol class="chunks" tabIndex={0} aria-label={`Text of ${document.name}`}>
          {chunks.map((chunk) => (
            <li key={chunk.ordinal}>
              <span class="muted">{placeOf(chunk)}</span>
              <p>{chunk.text}</p>
            </li>
          ))}
        </ol>
      )}
      <Trouble text={reading.trouble} />
      {next === null || chunks.length === 0 ? null : (
        <button type="button" disabled={reading.isBusy} onClick={readOn}>
          Read on
        </button>
      )}
    </details>
  );
}

function placeOf(chunk: Chunk): string {
  const page = chunk.pageFrom === null ? null : `Page ${chunk.pageFrom}`;
  return [page, chunk.headings].filter((words) => words !== null && words !== '').join(', ');
}
