import { useState } from 'preact/hooks';
import { fieldWords } from '../upload/fields';
import type { Session } from '../users/session';
import type { Finding, Job } from '../model';
import { counted, sentence } from '../words';
import { Again } from './Again';
import { Candidates } from './Candidates';
import { More, pageSize } from './More';
import { countOutcomes, failedCount, foundWords, outcomeWords, providerWords, reasonWords } from './outcomes';
import { useAnswer } from './useAnswer';

/** Entry by entry: what was found, where, how surely, and what else it could be. */
export function Findings({ job, session }: { job: Job; session: Session }) {
  const answer = useAnswer(job.id, () => session.report(job.id));
  if (answer.state === 'reading') return <p class="muted">Reading the report</p>;
  if (answer.state === 'failed') return <p class="trouble">{answer.trouble}</p>;
  return <FindingsList job={job} session={session} findings={answer.value} />;
}

type Chosen = ReadonlyMap<string, string>;

interface ListProps {
  readonly job: Job;
  readonly session: Session;
  readonly findings: readonly Finding[];
}

function FindingsList({ job, session, findings }: ListProps) {
  const [works, setWorks] = useState<Chosen>(new Map());
  const [outcome, setOutcome] = useState<string | null>(null);
  const [shown, setShown] = useState(pageSize);
  const matching = outcome === null ? findings : findings.filter((finding) => finding.outcome === outcome);
  const choose = (next: string | null): void => {
    setOutcome(next);
    setShown(pageSize);
  };
  const accept = (key: string, doi: string | null): void => {
    const next = new Map(works);
    if (doi === null) next.delete(key);
    else next.set(key, doi);
    setWorks(next);
  };
  return (
    <div class="stack">
      <NextRound job={job} session={session} findings={findings} works={works} done={() => setWorks(new Map())} />
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
          <Entry
            key={`${finding.line} ${index}`}
            finding={finding}
            chosen={works.get(finding.key)}
            choose={(doi) => accept(finding.key, doi)}
          />
        ))}
      </ul>
      <More shown={shown} total={matching.length} more={() => setShown(shown + pageSize)} />
    </div>
  );
}

interface NextRoundProps extends ListProps {
  readonly works: Chosen;
  readonly done: () => void;
}

/** What can be done about entries that were not found: say which works they are, or look again. */
function NextRound({ job, session, findings, works, done }: NextRoundProps) {
  const failed = failedCount(findings);
  if (failed === 0 && works.size === 0) return null;
  return (
    <section class="next-round" aria-label="Go on from here">
      {works.size > 0 ? (
        <>
          <p>
            You said what {counted(works.size, 'entry is', 'entries are')}. A new job fills{' '}
            {works.size === 1 ? 'it' : 'them'} in, over this result.
          </p>
          <Again
            job={job}
            session={session}
            wish={{ accept: Object.fromEntries(works) }}
            name={works.size === 1 ? 'Take this work' : `Take these ${works.size} works`}
            isPrimary
            done={done}
          />
        </>
      ) : (
        <>
          <p>
            {counted(failed, 'entry was', 'entries were')} not found for sure. Say below which work it is, or look them
            all up again: a new job over this result.
          </p>
          <Again
            job={job}
            session={session}
            wish={{ failed: true }}
            name={failed === 1 ? 'Look the failed entry up again' : `Look the ${failed} failed entries up again`}
          />
        </>
      )}
    </section>
  );
}

function Filter({ name, count, chosen, choose }: { name: string; count: number; chosen: boolean; choose: () => void }) {
  return (
    <button type="button" class="filter" aria-pressed={chosen} onClick={choose}>
      {name} <strong>{count}</strong>
    </button>
  );
}

interface EntryProps {
  readonly finding: Finding;
  readonly chosen: string | undefined;
  readonly choose: (doi: string | null) => void;
}

function Entry({ finding, chosen, choose }: EntryProps) {
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
      {finding.reason === null ? null : <p>{sentence(reasonWords(finding.reason))}</p>}
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
      <Candidates finding={finding} chosen={chosen} choose={choose} />
    </li>
  );
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
