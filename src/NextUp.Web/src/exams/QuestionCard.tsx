import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../api';
import { Problem } from '../problem';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { counted } from '../words';
import type { Saved } from './edits';
import { EditQuestion } from './EditQuestion';
import { flowing, paperCalls, type Paper, type Part, type Question } from './papers';

interface Props {
  readonly api: Api;
  readonly paper: Paper;
  readonly question: Question;
  /** The one behind it, which it may be merged with. */
  readonly next: Question | null;
  readonly isPicked: boolean;
  readonly pick: () => void;
  /** What became of it when it was saved last; null where something else was done since. */
  readonly saved: Saved | null;
  /** The paper as it is now, and the key of the question that was saved. */
  readonly changed: (paper: Paper, saved?: string) => void;
  readonly takenOut: () => void;
}

/** One question as it was read, and what a person may do about it. */
export function QuestionCard({ api, paper, question, next, isPicked, pick, saved, changed, takenOut }: Props) {
  const [mode, setMode] = useState<'shown' | 'edited' | 'split'>('shown');
  const [field, setField] = useState<string | null>(null);
  const action = useAction();
  const heading = useRef<HTMLButtonElement>(null);
  const editButton = useRef<HTMLButtonElement>(null);
  const path = `/questions/${encodeURIComponent(question.key)}`;
  const send = (method: string, rest: string, body: object): Promise<boolean> =>
    action.run(async () => {
      changed(await changing(api, method, paper, `${path}${rest}`, body, changed));
      setMode('shown');
      // The button that was pressed may be gone; those who move by keyboard go on from the question.
      heading.current?.focus();
    });
  const save = (changes: object | null): void => {
    if (changes === null) return leave();
    setField(null);
    void action.run(async () => {
      const now = await changing(api, 'PATCH', paper, path, changes, changed).catch((error: unknown) => {
        setField(error instanceof Problem ? error.field : null);
        throw error;
      });
      setMode('shown');
      changed(now, renamed(paper, now) ?? question.key);
    });
  };
  const leave = (): void => {
    setMode('shown');
    setField(null);
    setTimeout(() => editButton.current?.focus(), 0);
  };
  const takeOut = async (): Promise<void> => {
    if (await send('POST', '/remove', {})) takenOut();
  };
  useEffect(() => {
    // A question of another number is another card: the focus goes on there.
    if (saved !== null) heading.current?.focus();
  }, [saved]);

  return (
    <li class={isPicked ? 'card exam-question exam-question-picked' : 'card exam-question'}>
      <h2>
        <button ref={heading} type="button" class="exam-pick" aria-pressed={isPicked} onClick={pick}>
          Question {question.key}
        </button>
        <span class="muted">
          {question.marks === null ? 'no marks' : counted(question.marks, 'mark', 'marks')}
          {question.source === 'rule' ? '' : question.source === 'manual' ? ', by hand' : ', by the model'}
        </span>
      </h2>
      <p role="status" class={saved === null || mode === 'edited' ? 'unseen' : 'notice'}>
        {mode === 'edited' ? '' : saved?.text}
      </p>
      {mode === 'edited' ? (
        <EditQuestion
          api={api}
          question={question}
          isBusy={action.isBusy}
          trouble={action.trouble}
          field={field}
          save={save}
          cancel={leave}
        />
      ) : (
        <Content question={question} />
      )}
      {mode === 'split' ? <Split question={question} isBusy={action.isBusy} split={(body) => void send('POST', '/split', body)} /> : null}
      {mode === 'edited' ? null : <Trouble text={action.trouble} />}
      {isPicked && mode !== 'edited' ? (
        <div class="actions small">
          <button ref={editButton} type="button" onClick={() => setMode('edited')}>
            Edit
          </button>
          <button
            type="button"
            aria-expanded={mode === 'split'}
            onClick={() => setMode(mode === 'split' ? 'shown' : 'split')}
          >
            Split
          </button>
          {next === null ? null : (
            <button type="button" disabled={action.isBusy} onClick={() => void send('POST', '/merge', { with: next.key })}>
              Merge with {next.key}
            </button>
          )}
          <button type="button" class="danger" disabled={action.isBusy} onClick={() => void takeOut()}>
            Not a question
          </button>
          {question.source === 'manual' ? (
            <button type="button" disabled={action.isBusy} onClick={() => void send('POST', '/restore', {})}>
              Back to what was read
            </button>
          ) : null}
          {question.tagsChosen ? (
            <button type="button" disabled={action.isBusy} onClick={() => void send('PUT', '/tags', {})}>
              Back to the chapters that were found
            </button>
          ) : null}
        </div>
      ) : null}
    </li>
  );
}

/** Sends a change. Where somebody else was first, the paper is read as it is now, and the change may be sent again. */
async function changing(
  api: Api,
  method: string,
  paper: Paper,
  path: string,
  changes: object,
  changed: (paper: Paper) => void,
): Promise<Paper> {
  try {
    return await paperCalls.change(api, method, paper, path, changes);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'paper-changed') throw error;
    changed(await paperCalls.read(api, paper.id));
    throw new Error('The paper was changed elsewhere meanwhile, and is shown as it is now. What you typed is still here: do it again.');
  }
}

/** The key that a question has now, where it has another one than before. */
function renamed(before: Paper, now: Paper): string | null {
  return now.questions.find(({ key }) => !before.questions.some((one) => one.key === key))?.key ?? null;
}

function Content({ question }: { question: Question }) {
  return (
    <>
      {question.text === '' ? null : <p class="exam-text">{flowing(question.text)}</p>}
      <Parts parts={question.parts} />
      {question.options.length === 0 ? null : (
        <ul class="exam-options">
          {question.options.map((option) => (
            <li key={option.label}>
              <strong>{option.label}</strong> {option.text}
            </li>
          ))}
        </ul>
      )}
      {question.tags.length === 0 ? null : (
        <ul class="chips" aria-label={question.tagsChosen ? 'Chapters, chosen by hand' : 'Chapters'}>
          {question.tags.map((tag) => (
            <li key={`${tag.number} ${tag.title}`} class="chip">
              {tag.number} {tag.title}
            </li>
          ))}
        </ul>
      )}
      {question.referencesInsert ? <p class="muted">Needs the insert.</p> : null}
      {question.warnings.map((warning) => (
        <p key={warning} class="exam-bad">
          {warning}
        </p>
      ))}
      {question.markingScheme === null ? null : (
        <details>
          <summary>Mark scheme</summary>
          <p class="exam-text">{question.markingScheme}</p>
        </details>
      )}
    </>
  );
}

function Parts({ parts }: { parts: readonly Part[] }) {
  if (parts.length === 0) return null;
  return (
    <ul class="exam-parts">
      {parts.map((part) => (
        <li key={part.label}>
          <span class="exam-label">({part.label})</span> <span class="exam-text">{flowing(part.text)}</span>
          {part.parts.length === 0 && part.marks !== null ? <span class="muted"> [{part.marks}]</span> : null}
          <Parts parts={part.parts} />
        </li>
      ))}
    </ul>
  );
}

/** Where the new question begins: at one of the parts, or before words of the text. */
function Split({ question, isBusy, split }: { question: Question; isBusy: boolean; split: (body: object) => void }) {
  const [before, setBefore] = useState('');
  return (
    <div class="exam-split" role="group" aria-label={`Where question ${question.key} is divided`}>
      {question.parts.slice(1).map((part) => (
        <button key={part.label} type="button" disabled={isBusy} onClick={() => split({ part: part.label })}>
          From ({part.label}) on
        </button>
      ))}
      <label>
        {question.parts.length > 1 ? 'Or before these words of its text' : 'Before these words of its text'}
        <input type="text" value={before} onInput={(event) => setBefore(event.currentTarget.value)} />
      </label>
      <button type="button" disabled={isBusy || before.trim() === ''} onClick={() => split({ before })}>
        Split there
      </button>
    </div>
  );
}
