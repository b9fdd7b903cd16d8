import { useState } from 'preact/hooks';
import { fieldWords } from '../upload/fields';
import type { Session } from '../users/session';
import type { Candidate, Finding, JobId } from '../model';
import { counted } from '../words';
import { More, pageSize } from './More';
import { countOutcomes, foundWords, outcomeWords, providerWords } from './outcomes';
import { useAnswer } from './useAnswer';

/** Entry by entry: what was found, where, how surely, and what else it could be. */
export function Findings({ id, session }: { id: JobId; session: Session }) {
  const answer = useAnswer(id, () => session.report(id));
  if (answer.state === 'reading') return <p class="muted">Reading the report</p>;
  if (answer.state === 'failed') return <p class="trouble">{answer.trouble}</p>;
  return <FindingsList findings={answer.value} />;
}

function FindingsList({ findings }: { findings: readonly Finding[] }) {
  const [outcome, setOutcome] = useState<string | null>(null);
  const [shown, setShown] = useState(pageSize);
  const matching = outcome === null ? findings : findings.filter((finding) => finding.outcome === outcome);
  const choose = (next: string | null): void => {
    setOutcome(next);
    setShown(pageSize);
  };
  return (
    <div class="stack">
      <div class="filters" role="group" aria-label="Show entries by outcome">
        <Filter name="All" count={findings.length} chosen={outcome === null} choose={() => choose(null)} />
        {countOutcomes(findings).map(([one, count]) => (
          <Filter
            key={one}
            name={outcomeWords(one).name}
            count={count}
            chosen={one === outcome}
            choose={() => choose(one)}
          />
        ))}
      </div>
      {outcome === null ? null : <p class="muted">{outcomeWords(outcome).meaning}</p>}
      <ul class="entries">
        {matching.slice(0, shown).map((finding, index) => (
          <Entry key={`${finding.line} ${index}`} finding={finding} />
        ))}
      </ul>
      <More shown={shown} total={matching.length} more={() => setShown(shown + pageSize)} />
    </div>
  );
}

function Filter({ name, count, chosen, choose }: { name: string; count: number; chosen: boolean; choose: () => void }) {
  return (
    <button type="button" class="filter" aria-pressed={chosen} onClick={choose}>
      {name} <strong>{count}</strong>
    </button>
  );
}

function Entry({ finding }: { finding: Finding }) {
  return (
    <li class="entry">
      <div class="entry-head">
        <div class="job-name">
          <strong>{finding.title ?? finding.key}</strong>
          <p class="muted">
            <code>{finding.key}</code>, {finding.type}, line {finding.line}
          </p>
        </div>
        <span class={`badge outcome-${finding.outcome}`}>{outcomeWords(finding.outcome).name}</span>
      </div>
      {finding.reason === null ? null : <p>{sentence(finding.reason)}</p>}
      <Source finding={finding} />
      {finding.added.length === 0 ? null : (
        <ul class="chips" aria-label="Fields added">
          {finding.added.map((added) => (
            <li key={added.field} class="chip" title={added.value}>
              {fieldWords(added.field)}
            </li>
          ))}
        </ul>
      )}
      {finding.warnings.map((warning) => (
        <p key={warning} class="warning">
          {warning}
        </p>
      ))}
      <Candidates candidates={finding.candidates} />
    </li>
  );
}

function sentence(clause: string): string {
  const text = clause.charAt(0).toUpperCase() + clause.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function Source({ finding }: { finding: Finding }) {
  const found = foundWords(finding);
  const unchecked = finding.notCheckedBy.map(providerWords).join(', ');
  if (found === null && unchecked === '') return null;
  return (
    <p class="muted">
      {found} {unchecked === '' ? '' : `Not checked by ${unchecked}, which could not be reached.`}
    </p>
  );
}

function Candidates({ candidates }: { candidates: readonly Candidate[] }) {
  if (candidates.length === 0) return null;
  return (
    <details>
      <summary>{counted(candidates.length, 'candidate', 'candidates')}</summary>
      <ul class="candidates">
        {candidates.map((candidate) => (
          <li key={candidate.doi}>
            {candidate.title}
            <span class="muted">
              {[candidate.authors, candidate.container, candidate.year]
                .filter((part) => part)
                .map((part) => `, ${part}`)}
            </span>{' '}
            {candidate.doi === '' ? null : (
              <a href={`https://doi.org/${encodeURI(candidate.doi)}`} rel="noreferrer" target="_blank">
                {candidate.doi}
              </a>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
