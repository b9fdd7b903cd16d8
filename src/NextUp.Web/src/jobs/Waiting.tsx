import { LineDots } from '../queue/PositionBadge';
import { jobHref } from '../routes';
import type { KnownJob } from './jobBook';
import { waitingWords } from './waiting';

/** Where a waiting job stands, when it starts, and whatever is in the way. */
export function Waiting({ known, now }: { known: KnownJob; now: number }) {
  const { job } = known;
  const { when, kept, overtaken } = waitingWords(job, now, (now - known.estimatedAt) / 1000);
  if (job.isHeld) return <Held name={job.waitsFor} id={job.waitsForJob} />;
  return (
    <>
      {job.position === null ? null : <LineDots position={job.position} />}
      {kept === null ? null : <p class="notice">{kept}</p>}
      {when === null ? null : <p class="estimate">{when}</p>}
      {overtaken === null ? null : <p class="muted">{overtaken}</p>}
    </>
  );
}

function Held({ name, id }: { name: string | null; id: Parameters<typeof jobHref>[0] | null }) {
  const other = name?.replace(/ to end$/, '') ?? 'your other job';
  return (
    <p>
      Waits in your lane for {id === null ? other : <a href={jobHref(id)}>{other}</a>} to end, then joins the line.
    </p>
  );
}
