import { spanWords } from '../queue/estimate';
import { PositionBadge } from '../queue/PositionBadge';
import { jobHref } from '../routes';
import { useNow } from '../store';
import type { Session } from '../users/session';
import type { Job, LogLine } from '../model';
import { capital, sizeWords, timeWords } from '../words';
import { Again } from './Again';
import { CancelJob } from './CancelJob';
import { Downloads } from './Downloads';
import { isEnded, type KnownJob } from './jobBook';
import { doneWords, resultPlace } from './kindWords';
import { LiveLog } from './LiveLog';
import { StateBadge } from './StateBadge';
import { SummaryWords } from './SummaryWords';
import { Waiting } from './Waiting';

interface Props {
  readonly known: KnownJob;
  readonly session: Session;
  readonly lines: readonly LogLine[] | null;
  /** Whether the card leads to the job's own page, or is on it. */
  readonly isLink?: boolean;
}

export function JobCard({ known, session, lines, isLink = false }: Props) {
  const { job } = known;
  const now = useNow();
  return (
    <article class={`card job job-${job.state}`} data-job={job.id} aria-label={job.fileName}>
      <div class="job-head">
        <div class="job-name">
          {isLink ? (
            <h3>
              <a href={jobHref(job.id)}>{job.fileName}</a>
            </h3>
          ) : (
            <h1 tabIndex={-1}>{job.fileName}</h1>
          )}
          <p class="muted">
            {sizeWords(job.fileSize)}, handed in {timeWords(job.acceptedAt, now)}
            {job.priority > 0 ? `, priority ${job.priority}` : ''}
            {job.attempt > 1 ? `, attempt ${job.attempt} of ${job.attemptsMax}` : ''}
          </p>
        </div>
        {job.position !== null && job.state === 'pending' ? (
          <PositionBadge position={job.position} />
        ) : (
          <StateBadge job={job} />
        )}
      </div>
      <Body known={known} now={now} session={session} lines={lines} isLink={isLink} />
      {job.state === 'failed' || job.state === 'cancelled' ? (
        <Again job={job} session={session} wish={{}} name="Try again" label={`Try ${job.fileName} again`} />
      ) : null}
      <div class="actions">
        {isEnded(job) ? <Downloads job={job} /> : null}
        {isEnded(job) && isLink ? <Dismiss job={job} session={session} /> : null}
        {job.canCancel ? <CancelJob job={job} session={session} /> : null}
      </div>
    </article>
  );
}

function Body({ known, now, session, lines, isLink }: Props & { now: number }) {
  const { job } = known;
  switch (job.state) {
    case 'pending':
      return <Waiting known={known} now={now} />;
    case 'processing':
      return <Running job={job} now={now} session={session} lines={lines} isLink={isLink ?? false} />;
    case 'completed':
      return <SummaryWords job={job} />;
    case 'failed':
      return <p class="trouble">{job.error ?? 'The job failed and does not say why.'}</p>;
    case 'cancelled':
      return <p class="muted">{job.error ?? 'Cancelled.'} Nothing of it is kept but what you handed in.</p>;
  }
}

function Running({ job, now, session, lines, isLink }: Omit<Props, 'known'> & { job: Job; now: number }) {
  const { percent, failed, step } = job.progress;
  const facts = [
    doneWords(job),
    failed > 0 ? `${failed} without result` : null,
    job.startedAt === null ? null : `running for ${spanWords((now - job.startedAt.getTime()) / 1000)}`,
  ];
  const id = `progress-${job.id}`;
  return (
    <>
      <div class="progress">
        <label for={id}>{step === '' ? 'Working' : capital(step)}</label>
        <progress id={id} max={100} value={percent} />
        <strong>{Math.floor(percent)} %</strong>
      </div>
      <p class="muted">
        {facts.filter((fact) => fact !== null).join(', ')}
      </p>
      {isLink ? <LiveLog job={job} session={session} lines={lines ?? []} /> : null}
    </>
  );
}

function Dismiss({ job, session }: { job: Job; session: Session }) {
  return (
    <>
      <a class="button" href={jobHref(job.id)}>
        {job.state === 'completed' && resultPlace(job) === null ? 'See what was found' : 'See the job'}
      </a>
      <button
        type="button"
        class="quiet"
        aria-label={`Move ${job.fileName} to the history`}
        onClick={() => session.book.dispatch({ type: 'seen', id: job.id })}
      >
        Done
      </button>
    </>
  );
}
