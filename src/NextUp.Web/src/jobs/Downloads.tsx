import { useState } from 'preact/hooks';
import { problemWords } from '../problem';
import type { Session } from '../users/session';
import type { Job } from '../model';

export function Downloads({ job, session }: { job: Job; session: Session }) {
  const [trouble, setTrouble] = useState<string | null>(null);
  const [stem, extension] = split(job.fileName);
  const props = { session, tell: setTrouble };
  return (
    <>
      {job.state === 'completed' && job.links.result !== null ? (
        <Download
          {...props}
          path={job.links.result}
          name={`${stem}-enriched${extension}`}
          look="button primary"
          label={`Download the result of ${job.fileName}`}
        >
          Download the result
        </Download>
      ) : null}
      <Download
        {...props}
        path={job.links.original}
        name={job.fileName}
        look="button"
        label={`Original of ${job.fileName}`}
      >
        Original
      </Download>
      {trouble === null ? null : (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
    </>
  );
}

interface DownloadProps {
  readonly session: Session;
  readonly path: string;
  readonly name: string;
  readonly look: string;
  readonly label: string;
  readonly children: string;
  readonly tell: (trouble: string | null) => void;
}

/** A link, so that it can be copied and saved by the browser's own means; with a token it is fetched here. */
function Download({ session, path, name, look, label, children, tell }: DownloadProps) {
  const save = async (event: MouseEvent): Promise<void> => {
    if (session.token.state.value === null) return;
    event.preventDefault();
    try {
      tell(null);
      saveAs(await session.download(path), name);
    } catch (error) {
      tell(problemWords(error));
    }
  };
  return (
    <a class={look} href={path} download={name} aria-label={label} onClick={(event) => void save(event)}>
      {children}
    </a>
  );
}

function saveAs(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has taken its own hold of the content once the click is handled.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function split(fileName: string): [stem: string, extension: string] {
  const dot = fileName.lastIndexOf('.');
  return dot <= 0 ? [fileName, ''] : [fileName.slice(0, dot), fileName.slice(dot)];
}
