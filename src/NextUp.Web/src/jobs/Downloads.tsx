import type { Job } from '../model';
import { resultPlace } from './kindWords';

/** Plain links, so that they can be copied and saved by the browser's own means. */
export function Downloads({ job }: { job: Job }) {
  const [stem, extension] = split(job.fileName);
  const { result, original } = job.links;
  return (
    <>
      {job.state === 'completed' && result !== null ? (
        <a
          class="button primary"
          href={result}
          // Of other kinds the server's answer alone knows what it is.
          download={resultPlace(job) === null ? `${stem}-enriched${extension}` : ''}
          aria-label={`Download the result of ${job.fileName}`}
        >
          Download the result
        </a>
      ) : null}
      <a class="button" href={original} download={job.fileName} aria-label={`Original of ${job.fileName}`}>
        Original
      </a>
    </>
  );
}

function split(fileName: string): [stem: string, extension: string] {
  const dot = fileName.lastIndexOf('.');
  return dot <= 0 ? [fileName, ''] : [fileName.slice(0, dot), fileName.slice(dot)];
}
