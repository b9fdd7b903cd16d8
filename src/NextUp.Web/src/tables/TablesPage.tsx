import { useEffect } from 'preact/hooks';
import type { JobBook } from '../jobs/jobBook';
import { Trouble } from '../Trouble';
import { useReading } from '../useReading';
import type { Session } from '../users/session';
import { ImportPanel } from './ImportPanel';
import { Imports } from './Imports';
import { Records } from './Records';
import { tableCalls } from './tables';

/** Files as records: import one, see what became of it, look at what is there. */
export function TablesPage({ session, book }: { session: Session; book: JobBook }) {
  const api = session.api;
  const user = `${book.me?.kind} ${book.me?.name}`;
  const [imports, readImports] = useReading(`imports of ${user}`, () => tableCalls.imports(api));
  const [tables, readTables] = useReading(`tables of ${user}`, () => tableCalls.list(api));
  const [profiles, readProfiles] = useReading(`profiles of ${user}`, () => tableCalls.profiles(api));
  const states = imports.state === 'read' ? imports.value.map((one) => one.state).join(' ') : '';
  useEffect(() => {
    if (states !== '') void readTables();
  }, [states]);
  // An import is one only when its job has begun: a held job tells of itself by the line.
  const jobs = [...book.jobs.values()].map(({ job }) => `${job.id} ${job.state}`).join(' ');
  useEffect(() => void readImports(), [jobs]);
  return (
    <div class="stack">
      <p>
        <a href="/">All your jobs</a>
      </p>
      <h1 tabIndex={-1}>Tables</h1>
      <ImportPanel
        api={api}
        profiles={profiles.state === 'read' ? profiles.value : []}
        begun={() => void readImports()}
        saved={() => void readProfiles()}
      />
      {imports.state === 'failed' ? <Trouble text={imports.trouble} /> : null}
      {imports.state === 'read' ? <Imports api={api} imports={imports.value} read={readImports} /> : null}
      {tables.state === 'failed' ? <Trouble text={tables.trouble} /> : null}
      {tables.state === 'read' ? <Records api={api} tables={tables.value} /> : null}
    </div>
  );
}
