import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../api';
import { problemWords } from '../problem';
import { useAction } from '../useAction';
import { Trouble } from '../Trouble';
import { counted } from '../words';
import { paired, paperCalls, type PaperFiles, type Syllabus } from './papers';

/** Papers that are about to be handed in: dropped together, paired by their names, each a job of its own. */
export function PaperUpload({ api, sent }: { api: Api; sent: () => void }) {
  const [chosen, setChosen] = useState<readonly PaperFiles[]>([]);
  const [priority, setPriority] = useState(0);
  const [syllabus, setSyllabus] = useState('');
  const [syllabuses, setSyllabuses] = useState<readonly Syllabus[]>([]);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const action = useAction();
  const readSyllabuses = async (): Promise<void> => setSyllabuses(await paperCalls.syllabuses(api));
  useEffect(() => void readSyllabuses(), []);

  const add = (files: FileList | null): void => {
    const known = chosen.flatMap((one) => [one.paper, one.insert, one.scheme]).filter((file) => file !== null);
    setChosen(paired([...known, ...(files ?? [])]));
  };
  const submit = async (): Promise<void> => {
    const failed: string[] = [];
    const left: PaperFiles[] = [];
    for (const one of chosen) {
      try {
        await paperCalls.submit(api, one, priority, syllabus);
        sent();
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
      <label
        class="exam-drop"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          add(event.dataTransfer?.files ?? null);
        }}
      >
        <input
          type="file"
          multiple
          class="unseen"
          accept=".pdf,.png,.jpg,.jpeg"
          onChange={(event) => {
            add(event.currentTarget.files);
            event.currentTarget.value = '';
          }}
        />
        <strong>Drop papers here, or choose them</strong>
        <span class="muted">PDFs, with their inserts and mark schemes; these are put to their paper by their names.</span>
      </label>
      {chosen.length === 0 ? null : (
        <ul class="exam-chosen">
          {chosen.map((one, index) => (
            <li key={`${one.paper.name}${index}`}>
              <span>
                <strong>{one.paper.name}</strong>
                {one.insert === null ? '' : `, insert ${one.insert.name}`}
                {one.scheme === null ? '' : `, mark scheme ${one.scheme.name}`}
              </span>
              <button
                type="button"
                class="quiet"
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
        <label class="button">
          Add a syllabus
          <input
            type="file"
            accept=".json"
            class="unseen"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
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
          {chosen.length === 0 ? 'Hand in' : `Hand in ${counted(chosen.length, 'paper', 'papers')}`}
        </button>
      </div>
    </section>
  );
}
