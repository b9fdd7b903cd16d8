import { useEffect, useState } from 'preact/hooks';

const accepted = '.bib,.bibtex,.txt,text/x-bibtex,application/x-bibtex';

export interface DropWords {
  /** What may be chosen, as the browser's file dialog takes it. */
  readonly accepted: string;
  readonly first: string;
  readonly more: string;
  readonly hint: string;
  /** One file at a time; of several dropped ones the first is taken. */
  readonly isSingle?: boolean;
}

const bibWords: DropWords = {
  accepted,
  first: 'Drop your .bib files here',
  more: 'Add more .bib files',
  hint: 'You see what each entry lacks before you submit.',
};

interface Props {
  readonly isSmall: boolean;
  readonly words?: DropWords;
  readonly choose: (files: File[]) => void;
}

/** Files may be dropped anywhere on the page, or chosen. A missed drop must not make the browser leave the page. */
export function DropZone({ isSmall, words = bibWords, choose }: Props) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hover = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      choose([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener('dragenter', hover);
    addEventListener('dragover', hover);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragenter', hover);
      removeEventListener('dragover', hover);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, []);

  const pick = (event: Event & { currentTarget: HTMLInputElement }): void => {
    choose([...(event.currentTarget.files ?? [])]);
    // The same file may be chosen again after it was changed.
    event.currentTarget.value = '';
  };
  return (
    <label class={`drop ${over ? 'drop-over' : ''} ${isSmall ? 'drop-small' : ''}`}>
      <input type="file" multiple={words.isSingle !== true} accept={words.accepted} class="unseen" onChange={pick} />
      {isSmall ? null : (
        <svg viewBox="0 0 24 24" width="32" height="32" aria-hidden="true">
          <path d="M12 16V4m0 0L7 9m5-5 5 5M4 15v4a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-4" />
        </svg>
      )}
      <span>
        <strong>{isSmall ? words.more : words.first}</strong>
        {isSmall ? '' : words.isSingle === true ? ', or choose it' : ', or choose them'}
      </span>
      {isSmall ? null : <span class="muted">{words.hint}</span>}
    </label>
  );
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}
