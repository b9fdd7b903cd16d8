import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../api';
import { Trouble } from '../Trouble';
import { ChapterChoice } from './ChapterChoice';
import { EditParts } from './EditParts';
import { changesOf, draftOf, marksMax, sumWords, textLengthMax, totalOf } from './edits';
import { faultOf } from './partDrafts';
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
  const total = totalOf(began, draft);
  const fault = faultOf(draft.parts, field, trouble);
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
        {total === null ? null : (
          <label>
            {total.name}
            <input
              type="number"
              min={0}
              max={marksMax}
              value={total.marks}
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
      <EditParts
        parts={draft.parts}
        marksMax={marksMax}
        named={named}
        fault={fault}
        faultId={troubleId}
        change={(parts) => setDraft({ ...draft, parts })}
      />
      {draft.parts.length === 0 ? null : (
        <p role="status" class="muted">
          {sumWords(began, draft)}
        </p>
      )}
      <ChapterChoice api={api} chosen={draft.chapters} choose={(chapters) => setDraft({ ...draft, chapters })} />
      {fault === null ? <Trouble id={troubleId} text={trouble} /> : null}
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
