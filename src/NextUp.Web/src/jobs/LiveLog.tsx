import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Session } from '../users/session';
import type { Job, LogLine } from '../model';
import { logTimeWords } from '../words';

const linesShownMax = 500;

/** The last lines of a job's log. It follows the end until someone scrolls up to read. */
export function LiveLog({ job, session, lines }: { job: Job; session: Session; lines: readonly LogLine[] }) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => void session.readLog(job.id), [job.id]);
  useLayoutEffect(() => {
    if (follows.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);

  const read = (): void => {
    const element = box.current;
    if (element !== null) follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < 24;
  };
  const shown = lines.slice(-linesShownMax);
  return (
    <div class="log" ref={box} onScroll={read} tabIndex={0} role="region" aria-label={`Log of ${job.fileName}`}>
      {shown.length < lines.length ? (
        <p class="muted">
          The last {shown.length} of {lines.length} lines
        </p>
      ) : null}
      {shown.length === 0 ? <p class="muted">Nothing to report yet</p> : null}
      <ol>
        {shown.map((line) => (
          <li key={line.number}>
            <time dateTime={line.at.toISOString()}>{logTimeWords(line.at)}</time> <span>{line.text}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
