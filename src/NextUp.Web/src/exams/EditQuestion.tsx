import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../api';
import { Trouble } from '../Trouble';
import { ChapterChoice } from './ChapterChoice';
import { changesOf, draftOf, hasMarkedParts, marksMax, sumWords, textLengthMax, type PartDraft } from './edits';
import type { Question } from './papers';

interface Props {
  readonly api: Api;
  readonly question: Question;
  readonly isBusy: boolean;
  readonly trouble: string | null;
  /** The member of what was sent that the trouble is about. */
  readonly field: string | null;
  /** Null where nothing was changed. */
  readonly save: (changes: object | null) => void;
  readonly cancel: () => void;
}

/** A question as a form: its number, its text, each of its parts, and its chapters. All of it is saved at once. */
export function EditQuestion({ api, question, isBusy, trouble, field, save, cancel }: Props) {
  // A newer paper may arrive meanwhile: what was typed stays, and what was not touched is not sent.
  const [began] = useState(question);
  const [draft, setDraft] = useState(() => draftOf(question));
  const form = useRef<HTMLFormElement>(null);
  const troubleId = `trouble-${question.key}`;
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input, textarea')?.focus();
  }, []);
  useEffect(() => {
    if (field === null) return;
    const at = form.current?.elements.namedItem(field);
    if (at instanceof HTMLElement) at.focus();
  }, [field, trouble]);
  const named = (path: string) => ({
    name: path,
    'aria-invalid': field === path ? ('true' as const) : undefined,
    'aria-describedby': field === path && trouble !== null ? troubleId : undefined,
  });
  const change = (path: string, members: Partial<PartDraft>): void =>
    setDraft({ ...draft, parts: draft.parts.map((one) => (one.path === path ? { ...one, ...members } : one)) });
  const submit = (event: Event): void => {
    event.preventDefault();
    save(changesOf(began, draft, question));
  };
  return (
    <form ref={form} class="form exam-edit" aria-label={`Question ${question.key}`} onSubmit={submit}>
      <div class="exam-choices">
        <label>
          Number
          <input
            type="number"
            min={1}
            max={marksMax}
            required
            value={draft.number}
            {...named('number')}
            onInput={(event) => setDraft({ ...draft, number: event.currentTarget.value })}
          />
        </label>
        {draft.marks === null ? null : (
          <label>
            {hasMarkedParts(began) ? 'Marks printed for all of it' : 'Marks'}
            <input
              type="number"
              min={0}
              max={marksMax}
              value={draft.marks}
              {...named('marks')}
              onInput={(event) => setDraft({ ...draft, marks: event.currentTarget.value })}
            />
          </label>
        )}
      </div>
      <label>
        {draft.parts.length === 0 ? 'Text' : 'Text before its parts'}
        <textarea
          rows={draft.parts.length === 0 ? 5 : 3}
          maxLength={textLengthMax}
          value={draft.text}
          {...named('text')}
          onInput={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
        />
      </label>
      {draft.parts.map((part) => (
        <div key={part.path} class={`exam-part exam-part-${Math.min(part.level, 2)}`} role="group" aria-label={`Part ${part.label}`}>
          <label>
            Text of {part.label}
            <textarea
              rows={2}
              maxLength={textLengthMax}
              value={part.text}
              {...named(`${part.path}.text`)}
              onInput={(event) => change(part.path, { text: event.currentTarget.value })}
            />
          </label>
          {part.marks === null ? null : (
            <label>
              Marks of {part.label}
              <input
                type="number"
                min={0}
                max={marksMax}
                value={part.marks}
                {...named(`${part.path}.marks`)}
                onInput={(event) => change(part.path, { marks: event.currentTarget.value })}
              />
            </label>
          )}
        </div>
      ))}
      {draft.parts.length === 0 ? null : (
        <p role="status" class="muted">
          {sumWords(began, draft)}
        </p>
      )}
      <ChapterChoice api={api} chosen={draft.chapters} choose={(chapters) => setDraft({ ...draft, chapters })} />
      <Trouble id={troubleId} text={trouble} />
      <div class="actions">
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? 'Saving …' : 'Save'}
        </button>
        <button type="button" onClick={cancel}>
          Leave it as it is
        </button>
      </div>
    </form>
  );
}
