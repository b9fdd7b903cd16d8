import { useState } from 'preact/hooks';
import { problemWords } from '../problem';
import { useAction } from '../useAction';
import { useReading } from '../useReading';
import { Trouble } from '../Trouble';
import { DropZone, type DropWords } from '../upload/DropZone';
import type { Session } from '../users/session';
import { counted, sizeWords } from '../words';
import { paired, paperCalls, type PaperFiles } from './papers';

const words: DropWords = {
  accepted: '.pdf,.png,.jpg,.jpeg',
  first: 'Drop exam papers here',
  more: 'Add more papers',
  hint: 'PDFs, with their inserts and mark schemes: these are put to their paper by their names.',
};

/** Papers that are about to be handed in: dropped together, paired by their names, each a job of its own. */
export function PaperUpload({ session }: { session: Session }) {
  const { api } = session;
  const [chosen, setChosen] = useState<readonly PaperFiles[]>([]);
  const [priority, setPriority] = useState(0);
  const [syllabus, setSyllabus] = useState('');
  const [read, readSyllabuses] = useReading('syllabuses', () => paperCalls.syllabuses(api));
  const syllabuses = read.state === 'read' ? read.value : [];
  const [refused, setRefused] = useState<readonly string[]>([]);
  const action = useAction();

  const add = (files: readonly File[]): void => {
    const known = chosen.flatMap((one) => [one.paper, one.insert, one.scheme]).filter((file) => file !== null);
    setChosen(paired([...known, ...files]));
  };
  const submit = async (): Promise<void> => {
    const failed: string[] = [];
    const left: PaperFiles[] = [];
    for (const one of chosen) {
      try {
        session.learn(await paperCalls.submit(api, one, priority, syllabus));
      } catch (error) {
        failed.push(`${one.paper.name}: ${problemWords(error)}`);
        left.push(one);
      }
    }
    setChosen(left);
    setRefused(failed);
  };

  return (
    <section class="card panel" aria-labelledby="hand-in">
      <h2 id="hand-in">Hand in papers</h2>
      <DropZone isSmall={chosen.length > 0} words={words} choose={add} />
      {chosen.length === 0 ? null : (
        <ul class="exam-rows small" aria-label="Papers to hand in">
          {chosen.map((one, index) => (
            <li key={`${one.paper.name}${index}`}>
              <div class="job-name">
                <strong>{one.paper.name}</strong>
                <p class="muted">
                  {[
                    sizeWords(one.paper.size),
                    one.insert === null ? '' : `insert ${one.insert.name}`,
                    one.scheme === null ? '' : `mark scheme ${one.scheme.name}`,
                  ]
                    .filter((part) => part !== '')
                    .join(', ')}
                </p>
              </div>
              <button
                type="button"
                aria-label={`Take ${one.paper.name} out`}
                onClick={() => setChosen(chosen.filter((other) => other !== one))}
              >
                Take out
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="exam-choices">
        <label>
          Priority
          <select value={priority} onChange={(event) => setPriority(Number(event.currentTarget.value))}>
            <option value={0}>Normal</option>
            <option value={5}>Soon</option>
            <option value={9}>Urgent</option>
          </select>
        </label>
        <label>
          Chapters from
          <select value={syllabus} onChange={(event) => setSyllabus(event.currentTarget.value)}>
            <option value="">No syllabus</option>
            {syllabuses.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <label class="button exam-file">
          Add a syllabus (JSON)
          <input
            type="file"
            accept=".json"
            class="unseen"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              event.currentTarget.value = '';
              if (file !== undefined) void action.run(() => paperCalls.putSyllabus(api, file).then(readSyllabuses));
            }}
          />
        </label>
      </div>
      <Trouble text={action.trouble} />
      {refused.map((text) => (
        <p key={text} class="trouble" role="alert">
          {text}
        </p>
      ))}
      <div class="actions">
        <button
          type="button"
          class="primary"
          disabled={chosen.length === 0 || action.isBusy}
          onClick={() => void action.run(submit)}
        >
          {action.isBusy ? 'Handing in …' : chosen.length === 0 ? 'Hand in' : `Hand in ${counted(chosen.length, 'paper', 'papers')}`}
        </button>
      </div>
    </section>
  );
}
