import { documentsHref, examsHref, tablesHref } from './routes';

type Kind = 'home' | 'documents' | 'tables' | 'exams';

/** The ways to hand something in; exam papers for administrators only. */
export function KindsNav({ current, isAdministrator }: { current: string; isAdministrator: boolean }) {
  const link = (kind: Kind, href: string, title: string) => (
    <a href={href} aria-current={current === kind ? 'page' : undefined}>
      {title}
    </a>
  );
  return (
    <nav class="kinds" aria-label="What to hand in">
      {link('home', '/', 'Bibliographies')}
      {link('documents', documentsHref, 'Documents')}
      {link('tables', tablesHref, 'Tables')}
      {isAdministrator ? link('exams', examsHref, 'Exam papers') : null}
    </nav>
  );
}
