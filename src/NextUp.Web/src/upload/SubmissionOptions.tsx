import type { WhenBusy } from '../api';
import { bibFieldNames, bibFields } from './fields';
import { wishWhenBusy, type Draft, type DraftChange, type Policy } from './submission';

const policies: readonly (readonly [Policy, string, string])[] = [
  ['missing-only', 'Add what is missing', 'Nothing that you wrote is touched.'],
  ['refresh-metrics', 'Also refresh the counts', 'Citation counts and journal figures are brought up to date.'],
  ['overwrite', 'Overwrite what differs', 'Your values give way to those of the sources. See the changes afterwards.'],
];

const wishes: readonly (readonly [WhenBusy, string, string])[] = [
  ['refuse', 'Tell me', 'Nothing is handed in, and you see the job that is in the way.'],
  ['hold', 'Wait in my lane', 'It joins the line when your other job has ended.'],
  ['replace', 'Replace my waiting job', 'The waiting one is cancelled and this one takes its place.'],
];

export function SubmissionOptions({ draft, change }: { draft: Draft; change: (change: DraftChange) => void }) {
  return (
    <details class="options">
      <summary>
        Options <span class="muted">{summaryWords(draft)}</span>
      </summary>
      <fieldset>
        <legend>Fields to fill in</legend>
        <div class="checks">
          {[...bibFields].map(([field, name]) => (
            <label key={field}>
              <input
                type="checkbox"
                checked={draft.fields.size === 0 || draft.fields.has(field)}
                onChange={() => change({ type: 'field', field, all: bibFieldNames })}
              />
              {name}
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend>What is there already</legend>
        {policies.map(([policy, name, meaning]) => (
          <Choice
            key={policy}
            group="policy"
            name={name}
            meaning={meaning}
            chosen={draft.policy === policy}
            choose={() => change({ type: 'policy', policy })}
          />
        ))}
      </fieldset>
      <fieldset>
        <legend>If another job of yours is in line or running</legend>
        {wishes.map(([whenBusy, name, meaning]) => (
          <Choice
            key={whenBusy}
            group="when-busy"
            name={name}
            meaning={meaning}
            chosen={wishWhenBusy(draft) === whenBusy}
            choose={() => change({ type: 'when-busy', whenBusy })}
          />
        ))}
      </fieldset>
    </details>
  );
}

interface ChoiceProps {
  readonly group: string;
  readonly name: string;
  readonly meaning: string;
  readonly chosen: boolean;
  readonly choose: () => void;
}

function Choice({ group, name, meaning, chosen, choose }: ChoiceProps) {
  return (
    <label class="choice">
      <input type="radio" name={group} checked={chosen} onChange={choose} />
      <span>
        {name}
        <span class="sub">{meaning}</span>
      </span>
    </label>
  );
}

function summaryWords(draft: Draft): string {
  const fields = draft.fields.size === 0 ? 'all fields' : `${draft.fields.size} of ${bibFieldNames.length} fields`;
  const policy = policies.find(([one]) => one === draft.policy)?.[1].toLowerCase() ?? '';
  const wish = wishWhenBusy(draft) === 'hold' ? ', one after the other' : '';
  return `${fields}, ${policy}${wish}`;
}
