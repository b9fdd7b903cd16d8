import { useRef, useState } from 'preact/hooks';
import type { Api } from '../api';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { counted } from '../words';
import { flowing, paperCalls, type Paper, type Part, type Question } from './papers';

interface Props {
  readonly api: Api;
  readonly paper: Paper;
  readonly question: Question;
  /** The one behind it, which it may be merged with. */
  readonly next: Question | null;
  readonly isPicked: boolean;
  readonly pick: () => void;
  readonly changed: (paper: Paper) => void;
  readonly takenOut: () => void;
}

/** One question as it was read, and what a person may do about it. */
export function QuestionCard({ api, paper, question, next, isPicked, pick, changed, takenOut }: Props) {
  const [mode, setMode] = useState<'shown' | 'edited' | 'split'>('shown');
  const action = useAction();
  const heading = useRef<HTMLButtonElement>(null);
  const send = (method: string, rest: string, body: object): Promise<boolean> =>
    action.run(async () => {
      const path = `/questions/${encodeURIComponent(question.key)}${rest}`;
      changed(await paperCalls.change(api, method, paper, path, body));
      setMode('shown');
      // The button that was pressed may be gone; those who move by keyboard go on from the question.
      heading.current?.focus();
    });
  const takeOut = async (): Promise<void> => {
    if (await send('POST', '/remove', {})) takenOut();
  };

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
      {mode === 'edited' ? (
        <Edit question={question} isBusy={action.isBusy} cancel={() => setMode('shown')} save={(body) => void send('PATCH', '', body)} />
      ) : (
        <Content question={question} />
      )}
      {mode === 'split' ? <Split question={question} isBusy={action.isBusy} split={(body) => void send('POST', '/split', body)} /> : null}
      <Trouble text={action.trouble} />
      {isPicked && mode !== 'edited' ? (
        <div class="actions small">
          <button type="button" onClick={() => setMode('edited')}>
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
        </div>
      ) : null}
    </li>
  );
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
        <ul class="chips" aria-label="Chapters">
          {question.tags.map((tag) => (
            <li key={tag.number} class="chip">
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

function Edit(props: { question: Question; isBusy: boolean; save: (body: object) => void; cancel: () => void }) {
  const { question, isBusy, save, cancel } = props;
  const [text, setText] = useState(question.text);
  const [marks, setMarks] = useState(question.marks === null ? '' : String(question.marks));
  const [number, setNumber] = useState(String(question.number));
  const submit = (event: Event): void => {
    event.preventDefault();
    save({
      text,
      ...(marks === '' ? {} : { marks: Number(marks) }),
      ...(Number(number) === question.number ? {} : { number: Number(number) }),
    });
  };
  return (
    <form class="form" onSubmit={submit}>
      <div class="exam-choices">
        <label>
          Number
          <input type="number" min={1} max={999} required value={number} onInput={(event) => setNumber(event.currentTarget.value)} />
        </label>
        <label>
          Marks
          <input type="number" min={0} max={999} value={marks} onInput={(event) => setMarks(event.currentTarget.value)} />
        </label>
      </div>
      <label>
        Text
        <textarea rows={5} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <div class="actions">
        <button type="submit" class="primary" disabled={isBusy}>
          Save
        </button>
        <button type="button" onClick={cancel}>
          Leave it as it is
        </button>
      </div>
    </form>
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
