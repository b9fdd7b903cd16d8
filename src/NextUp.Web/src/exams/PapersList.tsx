import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../api';
import type { Job } from '../model';
import { problemWords } from '../problem';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { counted, timeWords } from '../words';
import { paperCalls, type PaperRow } from './papers';

const pollMs = 2_000;

/** What is being read, and what was. */
export function PapersList({ api, sent }: { api: Api; sent: number }) {
  const [jobs, setJobs] = useState<readonly Job[]>([]);
  const [papers, setPapers] = useState<readonly PaperRow[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const read = async (): Promise<void> => {
      try {
        const [nextJobs, nextPapers] = await Promise.all([paperCalls.jobs(api), paperCalls.list(api)]);
        if (isOver) return;
        setJobs(nextJobs);
        setPapers(nextPapers);
        setTrouble(null);
      } catch (error) {
        setTrouble(problemWords(error));
      }
      if (!isOver) timer = setTimeout(() => void read(), pollMs);
    };
    void read();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [sent]);

  const shown = jobs.filter((job) => job.state !== 'completed' && job.state !== 'cancelled');
  return (
    <>
      <Trouble text={trouble} />
      {shown.length === 0 ? null : (
        <section class="card panel" aria-labelledby="in-work">
          <h2 id="in-work">In work</h2>
          <ul class="exam-rows">
            {shown.map((job) => (
              <InWork key={job.id} api={api} job={job} />
            ))}
          </ul>
        </section>
      )}
      <section class="card panel" aria-labelledby="papers">
        <h2 id="papers">Papers</h2>
        {papers === null ? (
          <p class="muted">Reading the list</p>
        ) : papers.length === 0 ? (
          <p class="muted">No papers yet.</p>
        ) : (
          <ul class="exam-rows">
            {papers.map((paper) => (
              <li key={paper.id}>
                <a href={`#paper=${encodeURIComponent(paper.id)}`}>
                  <strong>{paper.name}</strong>
                </a>
                <span class="muted">
                  {counted(paper.questions, 'question', 'questions')}, {marksWords(paper)},{' '}
                  {counted(paper.pages, 'page', 'pages')}, {timeWords(paper.updatedAt, Date.now())}
                </span>
                <span class={paper.failedChecks === 0 ? 'exam-good' : 'exam-bad'}>
                  {paper.failedChecks === 0 ? 'All checks hold' : `${counted(paper.failedChecks, 'check fails', 'checks fail')}`}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function InWork({ api, job }: { api: Api; job: Job }) {
  const action = useAction();
  const isWaiting = job.state === 'pending';
  return (
    <li>
      <strong>{job.fileName}</strong>
      {job.state === 'failed' ? (
        <span class="exam-bad">{job.error ?? 'Failed'}</span>
      ) : (
        <>
          <span class="muted">
            {isWaiting
              ? job.position === null
                ? 'Waiting'
                : `${job.position === 1 ? 'Next up' : `Number ${job.position} in line`}`
              : `${job.progress.step}${job.progress.total === null ? '' : `, page ${job.progress.done} of ${job.progress.total}`}`}
          </span>
          <progress max={100} value={isWaiting ? 0 : job.progress.percent} aria-label={`Progress of ${job.fileName}`} />
          <button
            type="button"
            class="quiet"
            disabled={action.isBusy}
            onClick={() => void action.run(() => paperCalls.cancel(api, job.id))}
          >
            Cancel
          </button>
        </>
      )}
      <Trouble text={action.trouble} />
    </li>
  );
}

function marksWords({ marksFound, marksStated }: PaperRow): string {
  if (marksFound === null) return 'no marks';
  return marksStated === null ? counted(marksFound, 'mark', 'marks') : `${marksFound} of ${marksStated} marks`;
}
