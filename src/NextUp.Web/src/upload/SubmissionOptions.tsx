import type { WhenBusy } from '../api';
import { Field } from '../Field';
import { bibFieldNames, bibFields } from './fields';
import { mayChooseWhenBusy, orderOf, wishWhenBusy, type Draft, type DraftChange, type Policy } from './submission';
import type { Kind } from '../model';
import { whenWords } from '../words';

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

interface Props {
  readonly draft: Draft;
  readonly kind: Kind | null;
  readonly change: (change: DraftChange) => void;
}

export function SubmissionOptions({ draft, kind, change }: Props) {
  return (
    <details class="options">
      <summary>
        More choices <span class="muted">{summaryWords(draft, kind)}</span>
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
      <Order draft={draft} kind={kind} change={change} />
      {mayChooseWhenBusy(kind) ? <Busy draft={draft} kind={kind} change={change} /> : null}
    </details>
  );
}

function Busy({ draft, kind, change }: Props) {
  return (
    <fieldset>
      <legend>If another job of yours is in line or running</legend>
      {wishes.map(([whenBusy, name, meaning]) => (
        <Choice
          key={whenBusy}
          group="when-busy"
          name={name}
          meaning={meaning}
          chosen={wishWhenBusy(draft, kind) === whenBusy}
          choose={() => change({ type: 'when-busy', whenBusy })}
        />
      ))}
    </fieldset>
  );
}

/** When the job joins the line, and, where the person may ask for it, how far ahead. */
function Order({ draft, kind, change }: Props) {
  const levels = Array.from({ length: kind?.priorityMax ?? 0 }, (_, index) => index + 1);
  return (
    <fieldset>
      <legend>When</legend>
      <div class="fields">
        <Field
          label="Not before"
          hint="It joins the line then, by your clock. Empty is at once."
          hintId="not-before-hint"
        >
          <input
            type="datetime-local"
            value={draft.notBefore}
            aria-describedby="not-before-hint"
            onInput={(event) => change({ type: 'not-before', notBefore: event.currentTarget.value })}
          />
        </Field>
        {levels.length === 0 ? null : (
          <Field
            label="Priority"
            hint="A head start in the line; those it passes see that, not who."
            hintId="priority-hint"
          >
            <select
              aria-describedby="priority-hint"
              value={String(draft.priority)}
              onChange={(event) => change({ type: 'priority', priority: Number(event.currentTarget.value) })}
            >
              <option value="0">None</option>
              {levels.map((level) => (
                <option key={level} value={String(level)}>
                  {level}
                  {level === levels.length ? ', most urgent' : ''}
                </option>
              ))}
            </select>
          </Field>
        )}
      </div>
    </fieldset>
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

function summaryWords(draft: Draft, kind: Kind | null): string {
  const fields = draft.fields.size === 0 ? 'all fields' : `${draft.fields.size} of ${bibFieldNames.length} fields`;
  const policy = policies.find(([one]) => one === draft.policy)?.[1].toLowerCase() ?? '';
  const { notBefore, priority } = orderOf(draft);
  const later = notBefore === null ? '' : `, not before ${whenWords(notBefore, Date.now()).replace(/^(at|on) /, '')}`;
  const urgent = priority === 0 ? '' : `, priority ${priority}`;
  const wish = wishWhenBusy(draft, kind) === 'hold' ? ', one after the other' : '';
  return `${fields}, ${policy}${later}${urgent}${wish}`;
}
