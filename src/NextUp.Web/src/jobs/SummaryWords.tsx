import { fieldWords } from '../upload/fields';
import type { Job } from '../model';
import { counted } from '../words';
import { resultPlace } from './kindWords';

export function SummaryWords({ job }: { job: Job }) {
  const { summary } = job;
  const place = resultPlace(job);
  if (place !== null) {
    return (
      <p>
        Done. What it made is at <a href={place.href}>{place.name}</a>.
      </p>
    );
  }
  if (summary === null) return <p>Done.</p>;
  const byField = [...summary.byField].filter(([, count]) => count > 0).sort(([, left], [, right]) => right - left);
  return (
    <>
      <p>
        <strong>
          {summary.enrichedEntries} of {counted(summary.totalEntries, 'entry', 'entries')} enriched
        </strong>
        , {counted(summary.fieldsAdded, 'field', 'fields')} added
        {summary.notFound > 0 ? `, ${summary.notFound} not found` : ''}
        {summary.ambiguous > 0 ? `, ${summary.ambiguous} ambiguous` : ''}.
      </p>
      {byField.length === 0 ? null : (
        <ul class="chips" aria-label="Fields added">
          {byField.map(([field, count]) => (
            <li key={field} class="chip">
              {fieldWords(field)} <strong>{count}</strong>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
