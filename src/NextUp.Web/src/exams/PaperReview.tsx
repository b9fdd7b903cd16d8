import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../api';
import { Confirm } from '../Confirm';
import type { KnownJob } from '../jobs/jobBook';
import type { JobId } from '../model';
import { Problem } from '../problem';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { useReading } from '../useReading';
import type { Session } from '../users/session';
import { PagePictures } from './PagePictures';
import { savedWords, type Saved } from './edits';
import { of, paperCalls, stepWords, type Paper, type Question } from './papers';
import { QuestionCard } from './QuestionCard';

interface Props {
  readonly session: Session;
  readonly jobs: readonly KnownJob[];
  readonly id: string;
}

/** How often, and how soon, a paper is read again that was read anew; who asks longer looks again later. */
const readsMax = 60;
const betweenReadsMs = 500;

/** A paper's questions beside its pages: what was read, what does not hold, and the means to mend it. */
export function PaperReview({ session, jobs, id }: Props) {
  const [answer, read] = useReading(id, () => readPaper(session.api, id));
  const [changed, setChanged] = useState<Paper | null>(null);
  const [anew, setAnew] = useState<JobId | null>(null);
  const job = jobs.find((one) => one.job.id === anew)?.job ?? null;
  const isShown = job !== null && answer.state === 'read' && answer.value.job === job.id;
  const reads = useRef(0);
  useEffect(() => {
    // What the job made is there a moment after it has ended.
    if (job?.state !== 'completed' || isShown || reads.current >= readsMax) return;
    const later = setTimeout(() => void read(), reads.current++ === 0 ? 0 : betweenReadsMs);
    return () => clearTimeout(later);
  }, [job?.state, isShown, answer]);
  if (answer.state !== 'read') {
    return (
      <div class="stack">
        <AllPapers />
        <h1 tabIndex={-1}>Exam paper</h1>
        {answer.state === 'failed' ? <Trouble text={answer.trouble} /> : <p class="muted">Reading the paper</p>}
      </div>
    );
  }
  const readAnew = async (): Promise<void> => {
    const made = await paperCalls.again(session.api, id);
    session.learn(made);
    reads.current = 0;
    setAnew(made.id);
  };
  return (
    <Review api={session.api} paper={newer(changed, answer.value)} changed={setChanged} readAnew={readAnew}>
      <p role="status" class={job === null ? 'unseen' : 'notice'}>
        {job === null ? '' : anewWords(job, isShown)}
      </p>
    </Review>
  );
}

async function readPaper(api: Api, id: string): Promise<Paper> {
  try {
    return await paperCalls.read(api, id);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) throw new Error('There is no such paper among yours.');
    throw error;
  }
}

/** An answer may have been under way while the paper was changed here. */
function newer(changed: Paper | null, read: Paper): Paper {
  return changed !== null && changed.version >= read.version ? changed : read;
}

function anewWords(job: KnownJob['job'], isShown: boolean): string {
  switch (job.state) {
    case 'completed':
      return isShown ? 'It was read anew. What was changed by hand stayed.' : 'It was read anew; its questions are on their way.';
    case 'failed':
      return `It could not be read anew: ${job.error ?? 'it does not say why'}`;
    case 'cancelled':
      return 'It was not read anew: the job was cancelled.';
    case 'pending':
      return 'It is read anew when it is its turn. What was changed by hand stays.';
    case 'processing':
      return `It is being read anew: ${stepWords(job.progress)}. What was changed by hand stays.`;
  }
}

function AllPapers() {
  return (
    <p>
      <a href="#">All papers</a>
    </p>
  );
}

interface ReviewProps {
  readonly api: Api;
  readonly paper: Paper;
  readonly changed: (paper: Paper) => void;
  readonly readAnew: () => Promise<void>;
  readonly children: ComponentChildren;
}

function Review({ api, paper, changed, readAnew, children }: ReviewProps) {
  const [picked, setPicked] = useState<string | null>(paper.questions[0]?.key ?? null);
  const [page, setPage] = useState(paper.questions[0]?.pageFrom ?? 1);
  const [isAsking, setAsking] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const [saved, setSaved] = useState<Saved | null>(null);
  const [takenOut, setTakenOut] = useState<readonly string[]>([]);
  const action = useAction();
  useEffect(() => {
    document.title = `${paper.name} · NextUp exam papers`;
  }, [paper.name]);
  useEffect(() => {
    // What had the focus is gone: the paper begins at its heading.
    if (document.activeElement === document.body) heading.current?.focus();
  }, []);
  const pick = (question: Question): void => {
    setPicked(question.key);
    setPage(question.regions[0]?.page ?? question.pageFrom);
  };
  const take = (now: Paper, key?: string): void => {
    changed(now);
    setSaved(key === undefined ? null : { key, text: savedWords(now) });
    if (key !== undefined) setPicked(key);
  };
  const restore = (key: string): Promise<boolean> =>
    action.run(async () => {
      take(await paperCalls.change(api, 'POST', paper, `/questions/${encodeURIComponent(key)}/restore`, {}));
      setTakenOut((before) => before.filter((one) => one !== key));
    });
  return (
    <div class="stack">
      <AllPapers />
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {paper.title ?? paper.name}
        </h1>
        <p class="muted">{paper.name}</p>
      </div>
      <Checks paper={paper} />
      <div class="actions">
        <a class="button" href={`${of(paper.id)}/export?format=json`} download>
          Export as JSON
        </a>
        <a class="button" href={`${of(paper.id)}/export?format=csv`} download>
          Export as CSV
        </a>
        <button type="button" disabled={action.isBusy} onClick={() => void action.run(readAnew)}>
          Read it anew
        </button>
        <button type="button" class="danger" onClick={() => setAsking(true)}>
          Delete it
        </button>
      </div>
      {children}
      <Trouble text={action.trouble} />
      {takenOut.map((key) => (
        <p key={key} class="notice" role="status">
          Question {key} was taken out.{' '}
          <button type="button" class="quiet" disabled={action.isBusy} onClick={() => void restore(key)}>
            Put it back
          </button>
        </p>
      ))}
      <div class="exam-review">
        <PagePictures paper={paper} page={page} picked={picked} show={setPage} />
        <ol class="exam-questions" aria-label="Questions">
          {paper.questions.map((question, index) => (
            <QuestionCard
              key={question.key}
              api={api}
              paper={paper}
              question={question}
              next={paper.questions[index + 1] ?? null}
              isPicked={question.key === picked}
              pick={() => pick(question)}
              saved={saved?.key === question.key ? saved : null}
              changed={take}
              takenOut={() => setTakenOut((before) => [...before, question.key])}
            />
          ))}
        </ol>
      </div>
      {isAsking ? (
        <Confirm
          id="delete-paper"
          title={`Delete ${paper.name}?`}
          keep="Keep it"
          act="Delete it"
          work={async () => {
            await paperCalls.remove(api, paper.id);
            location.hash = '';
          }}
          close={() => setAsking(false)}
        >
          Its questions go, and what was changed of them. This cannot be undone.
        </Confirm>
      ) : null}
    </div>
  );
}

/** What does not hold comes first. */
function Checks({ paper }: { paper: Paper }) {
  const failed = paper.checks.filter((check) => !check.ok);
  return (
    <ul class="exam-checks" aria-label="Checks">
      {[...failed, ...paper.checks.filter((check) => check.ok)].map((check) => (
        <li key={check.code} class={check.ok ? 'exam-good' : 'exam-bad'}>
          <span aria-hidden="true">{check.ok ? '✓ ' : '✗ '}</span>
          <span class="unseen">{check.ok ? 'Holds: ' : 'Fails: '}</span>
          {check.detail}
        </li>
      ))}
      {paper.warnings.map((warning) => (
        <li key={warning} class="exam-bad">
          {warning}
        </li>
      ))}
    </ul>
  );
}
