/* What differs between the kinds of work, where the page speaks of jobs of any kind. */
import type { Job } from '../model';
import { documentsHref, examsHref, tablesHref } from '../routes';
import { counted } from '../words';

export interface ResultPlace {
  readonly href: string;
  readonly name: string;
}

const places: Readonly<Record<string, ResultPlace>> = {
  documents: { href: documentsHref, name: 'Your documents' },
  tables: { href: tablesHref, name: 'Your tables' },
  exams: { href: examsHref, name: 'Exam papers' },
};

/** The page that shows what jobs of this kind make; null where the job's own page does. */
export function resultPlace(job: Job): ResultPlace | null {
  return places[job.kind] ?? null;
}

/** How much of a running job is done, in a line; null where nothing is counted. */
export function doneWords(job: Job): string | null {
  const { done, total } = job.progress;
  if (resultPlace(job) === null) {
    return total === null ? counted(done, 'entry', 'entries') : `${done} of ${counted(total, 'entry', 'entries')}`;
  }
  if (job.kind === 'tables') return done === 0 ? null : counted(done, 'row', 'rows');
  return total === null ? null : `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
}
