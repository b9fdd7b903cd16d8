import { CancelJob } from '../jobs/CancelJob';
import { isEnded, type KnownJob } from '../jobs/jobBook';
import { Waiting } from '../jobs/Waiting';
import { PositionBadge } from '../queue/PositionBadge';
import { useNow } from '../store';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { useLastRead, useReadAgain, useReading } from '../useReading';
import type { Session } from '../users/session';
import { capital, counted, timeWords } from '../words';
import { paperCalls, paperHref, stepWords, type PaperRow } from './papers';

const failedShownMax = 10;

interface Props {
  readonly session: Session;
  /** All that are known. */
  readonly jobs: readonly KnownJob[];
}

/** What is being read, and what was. */
export function PapersList({ session, jobs }: Props) {
  const [papers, read] = useReading('papers', () => paperCalls.list(session.api));
  const known = useLastRead(papers);
  const states = jobs.map(({ job }) => `${job.id} ${job.state}`).join();
  useReadAgain(states, read);
  return (
    <>
      <Jobs id="in-work" title="In work" session={session} jobs={jobs.filter(({ job }) => !isEnded(job))} />
      <Jobs
        id="not-read"
        title="Could not be read"
        session={session}
        jobs={jobs.filter(({ job }) => job.state === 'failed').slice(0, failedShownMax)}
      />
      <section class="card panel" aria-labelledby="papers">
        <h2 id="papers">Papers</h2>
        {papers.state === 'reading' ? <p class="muted">Reading the list</p> : null}
        {papers.state === 'failed' ? <Trouble text={papers.trouble} /> : null}
        {known === null ? null : <Papers papers={known} />}
      </section>
    </>
  );
}

function Jobs({ id, title, session, jobs }: { id: string; title: string; session: Session; jobs: readonly KnownJob[] }) {
  if (jobs.length === 0) return null;
  return (
    <section class="card panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul class="exam-rows">
        {jobs.map((known) => (
          <JobRow key={known.job.id} session={session} known={known} />
        ))}
      </ul>
    </section>
  );
}

function Papers({ papers }: { papers: readonly PaperRow[] }) {
  if (papers.length === 0) {
    return <p class="muted">None yet. Hand in a PDF: its questions, parts and marks are read and held against its own totals.</p>;
  }
  return (
    <ul class="exam-rows">
      {papers.map((paper) => (
        <li key={paper.id}>
          <div class="job-name">
            <a href={paperHref(paper.id)}>
              <strong>{paper.name}</strong>
            </a>
            <p class="muted">
              {counted(paper.questions, 'question', 'questions')}, {marksWords(paper)},{' '}
              {counted(paper.pages, 'page', 'pages')}, {timeWords(paper.updatedAt, Date.now())}
            </p>
          </div>
          <span class={paper.failedChecks === 0 ? 'exam-good' : 'exam-bad'}>
            {paper.failedChecks === 0 ? 'All checks hold' : counted(paper.failedChecks, 'check fails', 'checks fail')}
          </span>
        </li>
      ))}
    </ul>
  );
}

function JobRow({ session, known }: { session: Session; known: KnownJob }) {
  const { job } = known;
  const now = useNow();
  return (
    <li class="exam-work" aria-label={job.fileName}>
      <div class="job-head">
        <strong class="job-name">{job.fileName}</strong>
        {job.state === 'pending' && job.position !== null ? <PositionBadge position={job.position} /> : null}
      </div>
      {job.state === 'pending' ? <Waiting known={known} now={now} /> : null}
      {job.state === 'processing' ? (
        <div class="progress">
          <span>{capital(stepWords(job.progress))}</span>
          <progress max={100} value={job.progress.percent} aria-label={`Progress of ${job.fileName}`} />
          <strong>{Math.floor(job.progress.percent)} %</strong>
        </div>
      ) : null}
      {job.state === 'failed' ? <Failed session={session} known={known} /> : null}
      {job.canCancel ? (
        <div class="actions small">
          <CancelJob job={job} session={session} />
        </div>
      ) : null}
    </li>
  );
}

function Failed({ session, known: { job } }: { session: Session; known: KnownJob }) {
  const action = useAction();
  return (
    <>
      <p class="trouble">{job.error ?? 'It failed and does not say why.'}</p>
      <Trouble text={action.trouble} />
      <div class="actions small">
        <button
          type="button"
          aria-label={`Try ${job.fileName} again`}
          disabled={action.isBusy}
          onClick={() => void action.run(() => session.retry(job.id))}
        >
          Try again
        </button>
      </div>
    </>
  );
}

function marksWords({ marksFound, marksStated }: PaperRow): string {
  if (marksFound === null) return 'no marks';
  return marksStated === null ? counted(marksFound, 'mark', 'marks') : `${marksFound} of ${marksStated} marks`;
}
