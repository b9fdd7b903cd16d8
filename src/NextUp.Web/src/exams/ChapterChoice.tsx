import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../api';
import { Trouble } from '../Trouble';
import { useReading } from '../useReading';
import { isSame, withChapter, withMain, type ChosenChapter } from './edits';
import { paperCalls } from './papers';

interface Props {
  readonly api: Api;
  readonly chosen: readonly ChosenChapter[];
  readonly choose: (chapters: readonly ChosenChapter[]) => void;
}

/** The syllabus that was chosen from last: the next question is likely to be of the same. */
let lastSyllabus = '';

/** The chapters of a question: which it has, the main one first, and others to be added from a syllabus. */
export function ChapterChoice({ api, chosen, choose }: Props) {
  const [read] = useReading('syllabuses', () => paperCalls.syllabuses(api));
  const syllabuses = read.state === 'read' ? read.value : [];
  const [asked, setAsked] = useState(lastSyllabus);
  const syllabus = (syllabuses.find((one) => one.id === asked) ?? syllabuses[0])?.id ?? '';
  const [told, setTold] = useState('');
  const box = useRef<HTMLFieldSetElement>(null);
  const focusIsLost = useRef(false);
  useEffect(() => {
    // The button that was pressed is gone.
    if (focusIsLost.current) box.current?.querySelector<HTMLElement>('button, select')?.focus();
    focusIsLost.current = false;
  });
  const change = (chapters: readonly ChosenChapter[], what: string): void => {
    choose(chapters);
    setTold(what);
  };
  const takeOut = (chapter: ChosenChapter): void => {
    focusIsLost.current = true;
    change(chosen.filter((one) => one !== chapter), `${nameOf(chapter)} was taken out.`);
  };
  const makeMain = (chapter: ChosenChapter): void => {
    focusIsLost.current = true;
    change(withMain(chosen, chapter), `${nameOf(chapter)} is the main chapter.`);
  };
  return (
    <fieldset ref={box} class="exam-chapters">
      <legend>Chapters</legend>
      {chosen.length === 0 ? <p class="muted">It has none.</p> : null}
      <ul aria-label="Chosen chapters" class="small">
        {chosen.map((chapter, index) => (
          <li key={nameOf(chapter)}>
            <span class="exam-chapter">
              {nameOf(chapter)}
              {index === 0 && chosen.length > 1 ? <span class="muted"> (the main one)</span> : null}
            </span>
            {index === 0 ? null : (
              <button type="button" aria-label={`Make ${nameOf(chapter)} the main chapter`} onClick={() => makeMain(chapter)}>
                Make main
              </button>
            )}
            <button type="button" aria-label={`Take out ${nameOf(chapter)}`} onClick={() => takeOut(chapter)}>
              Take out
            </button>
          </li>
        ))}
      </ul>
      {read.state === 'failed' ? <Trouble text={read.trouble} /> : null}
      {read.state === 'read' && syllabuses.length === 0 ? (
        <p class="muted">There is no syllabus to choose from. One is added among all papers, at “Add a syllabus”.</p>
      ) : null}
      {syllabuses.length < 2 ? null : (
        <label>
          Syllabus
          <select
            value={syllabus}
            onChange={(event) => {
              lastSyllabus = event.currentTarget.value;
              setAsked(lastSyllabus);
            }}
          >
            {syllabuses.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {syllabus === '' ? null : (
        <AddChapter
          key={syllabus}
          api={api}
          syllabus={syllabus}
          chosen={chosen}
          add={(chapter) => change(withChapter(chosen, chapter), `${nameOf(chapter)} was added.`)}
        />
      )}
      <p role="status" class="unseen">
        {told}
      </p>
    </fieldset>
  );
}

interface AddProps {
  readonly api: Api;
  readonly syllabus: string;
  readonly chosen: readonly ChosenChapter[];
  readonly add: (chapter: ChosenChapter) => void;
}

function AddChapter({ api, syllabus, chosen, add }: AddProps) {
  const [read] = useReading(syllabus, () => paperCalls.chapters(api, syllabus));
  const [picked, setPicked] = useState('');
  if (read.state === 'failed') return <Trouble text={read.trouble} />;
  const left = (read.state === 'read' ? read.value : []).filter((chapter) => !chosen.some((one) => isSame(one, chapter)));
  const chapter = left.find(({ place }) => String(place) === picked);
  const press = (): void => {
    if (chapter === undefined) return;
    const { number, title, place } = chapter;
    add({ number, title, from: { syllabus, chapter: place } });
    setPicked('');
  };
  return (
    <div class="exam-add">
      <label>
        Another chapter
        <select value={chapter === undefined ? '' : picked} onChange={(event) => setPicked(event.currentTarget.value)}>
          <option value="">{read.state === 'read' && left.length === 0 ? 'All are chosen' : 'Choose one'}</option>
          {left.map((one) => (
            <option key={one.place} value={String(one.place)}>
              {one.number} {one.title}
            </option>
          ))}
        </select>
      </label>
      <button type="button" aria-disabled={chapter === undefined} onClick={press}>
        Add
      </button>
    </div>
  );
}

function nameOf({ number, title }: { number: string; title: string }): string {
  return `${number} ${title}`;
}
