import { useEffect } from 'preact/hooks';
import { JobCard } from '../jobs/JobCard';
import { isEnded, type JobBook, type KnownJob } from '../jobs/jobBook';
import { Trouble } from '../Trouble';
import { useLastRead, useReadAgain, useReading } from '../useReading';
import type { Session } from '../users/session';
import { ImportPanel } from './ImportPanel';
import { Imports } from './Imports';
import { Records } from './Records';
import { tableCalls, type Import } from './tables';

/** Files as records: import one, see what became of it, look at what is there. */
export function TablesPage({ session, book }: { session: Session; book: JobBook }) {
  return (
    <div class="stack">
      <h1 tabIndex={-1}>Hand in a table, work with its records</h1>
      {book.me === null ? <p class="muted">Asking the server</p> : <Tables session={session} book={book} />}
    </div>
  );
}

function Tables({ session, book }: { session: Session; book: JobBook }) {
  const api = session.api;
  const [imports, readImports] = useReading('imports', () => tableCalls.imports(api));
  const [tables, readTables] = useReading('tables', () => tableCalls.list(api));
  const [profiles, readProfiles] = useReading('profiles', () => tableCalls.profiles(api));
  const known = useLastRead(imports) ?? [];
  const knownTables = useLastRead(tables) ?? [];
  const states = known.map((one) => `${one.id} ${one.state}`).join(' ');
  useEffect(() => {
    if (states !== '') void readTables();
  }, [states]);
  // An import is one only when its job has begun: a job that waits tells of itself by the line.
  const own = [...book.jobs.values()].filter(({ job }) => job.kind === 'tables');
  const jobStates = own.map(({ job }) => `${job.id} ${job.state}`).join(' ');
  useReadAgain(jobStates, readImports);
  return (
    <>
      <ImportPanel
        api={api}
        profiles={profiles.state === 'read' ? profiles.value : []}
        handIn={async (file, options) => (await session.handIn('tables', [file], options))[0]}
        begun={() => void readImports()}
        saved={() => void readProfiles()}
      />
      {shownJobs(own, known, book.fresh).map((one) => (
        <JobCard key={one.job.id} known={one} session={session} lines={book.logs.get(one.job.id) ?? null} isLink />
      ))}
      {imports.state === 'failed' ? <Trouble text={imports.trouble} /> : null}
      <Imports api={api} imports={known} jobs={book.jobs} read={readImports} />
      {tables.state === 'failed' ? <Trouble text={tables.trouble} /> : null}
      <Records api={api} tables={knownTables} version={states} changed={readTables} />
    </>
  );
}

/** Jobs that wait or run, and those that ended before they became an import: nothing else tells of them. */
function shownJobs(own: readonly KnownJob[], imports: readonly Import[], fresh: ReadonlySet<string>): KnownJob[] {
  const isImport = new Set<string>(imports.map((one) => one.id));
  const isLost = ({ job }: KnownJob): boolean => fresh.has(job.id) && job.state !== 'completed' && !isImport.has(job.id);
  return own.filter((one) => !isEnded(one.job) || isLost(one));
}
