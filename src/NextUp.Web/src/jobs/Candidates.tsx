import type { Candidate, Finding } from '../model';
import { counted } from '../words';

interface Props {
  readonly finding: Finding;
  /** The DOI that was chosen for the entry; undefined where none is. */
  readonly chosen: string | undefined;
  readonly choose: (doi: string | null) => void;
}

/** The works that an entry could be, to choose from; or any other one by its DOI. */
export function Candidates({ finding, chosen, choose }: Props) {
  const { candidates, key, line } = finding;
  const isOther = chosen !== undefined && !candidates.some((one) => one.doi === chosen);
  if (candidates.length === 0 && !isOpen(finding)) return null;
  const group = `work-${line}-${key}`;
  return (
    <details>
      <summary>
        {candidates.length === 0
          ? 'I know its DOI'
          : `${counted(candidates.length, 'candidate', 'candidates')}: which one is it?`}
      </summary>
      <fieldset class="candidates">
        <legend class="unseen">The work that {key} is</legend>
        {candidates.map((candidate) => (
          <label key={candidate.doi} class="choice">
            <input
              type="radio"
              name={group}
              checked={chosen === candidate.doi}
              disabled={candidate.doi === ''}
              onChange={() => choose(candidate.doi)}
            />
            <Work candidate={candidate} />
          </label>
        ))}
        <label class="other-doi">
          <span>{candidates.length === 0 ? 'Its DOI' : 'Another one, by its DOI'}</span>
          <input
            type="text"
            inputMode="url"
            autocomplete="off"
            spellcheck={false}
            placeholder="10.1000/xyz or arXiv:2101.00001"
            value={isOther ? chosen : ''}
            onInput={(event) => choose(event.currentTarget.value.trim() || null)}
          />
        </label>
        {chosen === undefined ? null : (
          <button type="button" class="quiet" onClick={() => choose(null)}>
            Undo my choice
          </button>
        )}
      </fieldset>
    </details>
  );
}

/** Whether the entry is still to be found. */
function isOpen(finding: Finding): boolean {
  return ['ambiguous', 'not-found', 'wrong-doi'].includes(finding.outcome);
}

function Work({ candidate }: { candidate: Candidate }) {
  return (
    <span>
      {candidate.title}
      <span class="muted">
        {[candidate.authors, candidate.container, candidate.year].filter((part) => part).map((part) => `, ${part}`)}
      </span>{' '}
      {candidate.doi === '' ? null : (
        <a href={`https://doi.org/${encodeURI(candidate.doi)}`} rel="noreferrer" target="_blank">
          {candidate.doi}
        </a>
      )}
    </span>
  );
}
