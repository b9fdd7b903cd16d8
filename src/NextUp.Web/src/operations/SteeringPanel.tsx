import { useState } from 'preact/hooks';
import { problemWords } from '../problem';
import type { Now } from './NowPanels';
import { pauseOrder, readSlots, readTarget, reasonLengthMax, resume, slotsOrder, targetWords } from './orders';
import type { Order } from './orders';
import type { OperationsApi } from './operationsApi';
import { Panel } from './Panel';
import type { Pause, Steering, Target } from './model';
import { agoWords, plural } from './words';

interface SteeringProps {
  readonly now: Now | null;
  readonly api: OperationsApi;
  readonly give: (order: Order) => void;
  readonly done: (said: string) => void;
}

export function SteeringPanel({ now, api, give, done }: SteeringProps) {
  const focusTitle = (): void => document.getElementById('steering-title')?.focus();
  return (
    <Panel id="steering" title="Steering">
      <div class="steering">
        <ul class="pauses" aria-label="What is paused">
          {now?.steering.pauses.map((pause) => (
            <PauseRow
              key={targetWords(pause.target)}
              pause={pause}
              at={now.overview.at}
              resume={async () => {
                done(await resume(api, pause));
                focusTitle();
              }}
            />
          ))}
        </ul>
        {now?.steering.pauses.length === 0 ? <p class="muted">Nothing is paused.</p> : null}
        <PauseForm now={now} api={api} give={give} />
        <SlotsForm now={now} api={api} give={give} />
      </div>
    </Panel>
  );
}

function PauseRow({ pause, at, resume }: { pause: Pause; at: Date; resume: () => Promise<void> }) {
  const [trouble, setTrouble] = useState<string | null>(null);
  const what = targetWords(pause.target);
  const click = (): void => {
    setTrouble(null);
    resume().catch((error: unknown) => setTrouble(problemWords(error)));
  };
  return (
    <li class="pause notice">
      <span>
        <strong>Paused: {what}.</strong> {pause.reason === null ? 'No reason was given.' : `“${pause.reason}”`}
        <span class="sub">
          by {pause.by}, {agoWords(pause.at, at)}
        </span>
        {trouble === null ? null : (
          <span class="trouble" role="alert">
            {trouble}
          </span>
        )}
      </span>
      <button type="button" aria-label={`Resume ${what}`} onClick={click}>
        Resume
      </button>
    </li>
  );
}

const scopes: readonly (readonly [Target['scope'], string])[] = [
  ['queue', 'the whole queue'],
  ['kind', 'a kind'],
  ['user', 'a user'],
];

function PauseForm({ now, api, give }: Omit<SteeringProps, 'done'>) {
  const [scope, setScope] = useState<Target['scope']>('queue');
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState<string | null>(null);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const target = readTarget(scope, name);
    setFault(typeof target === 'string' ? target : null);
    if (typeof target !== 'string') give(pauseOrder(api, target, reason.trim(), now?.overview ?? null));
  };
  return (
    <form class="fields" onSubmit={submit}>
      <label for="pause-scope">Pause</label>
      <select
        id="pause-scope"
        value={scope}
        onChange={(event) => setScope(scopes.find(([one]) => one === event.currentTarget.value)?.[0] ?? 'queue')}
      >
        {scopes.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
      {scope === 'queue' ? null : (
        <>
          <label for="pause-name">{scope === 'kind' ? 'Which kind' : 'Which user'}</label>
          <input
            id="pause-name"
            autocomplete="off"
            list={scope === 'kind' ? 'known-kinds' : undefined}
            value={name}
            aria-invalid={fault !== null}
            aria-describedby={fault === null ? undefined : 'pause-fault'}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <datalist id="known-kinds">
            {now?.overview.kinds.map(({ kind }) => (
              <option key={kind} value={kind} />
            ))}
          </datalist>
        </>
      )}
      <label for="pause-reason">Reason, shown to those who wait</label>
      <input
        id="pause-reason"
        autocomplete="off"
        maxLength={reasonLengthMax}
        value={reason}
        onInput={(event) => setReason(event.currentTarget.value)}
      />
      <Fault id="pause-fault" text={fault} />
      <button type="submit">Pause …</button>
    </form>
  );
}

function SlotsForm({ now, api, give }: Omit<SteeringProps, 'done'>) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const slots = readSlots(text);
    setFault(typeof slots === 'string' ? slots : null);
    if (typeof slots === 'number') give(slotsOrder(api, slots, now?.overview ?? null));
  };
  return (
    <form class="fields" onSubmit={submit}>
      <p id="slots-now">{now === null ? '' : slotsWords(now.steering, now.overview.at)}</p>
      <label for="slots">Jobs that may run at once</label>
      <div class="actions">
        <input
          id="slots"
          class="narrow"
          inputMode="numeric"
          autocomplete="off"
          value={text}
          aria-invalid={fault !== null}
          aria-describedby={fault === null ? 'slots-now' : 'slots-fault'}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit">Set …</button>
        {now === null || now.steering.slotsSetBy === null ? null : (
          <button type="button" class="quiet" onClick={() => give(slotsOrder(api, null, now.overview))}>
            Back to the settings …
          </button>
        )}
      </div>
      <Fault id="slots-fault" text={fault} />
    </form>
  );
}

function slotsWords({ slots, slotsSetBy, slotsSetAt }: Steering, at: Date): string {
  const now = `Up to ${plural(slots, 'job')} may run at once`;
  if (slotsSetBy === null || slotsSetAt === null) return `${now}, as the settings and the load of the machine say.`;
  return `${now}: ${slotsSetBy} set it ${agoWords(slotsSetAt, at)}.`;
}

export function Fault({ id, text }: { id: string; text: string | null }) {
  return text === null ? null : (
    <p id={id} class="trouble" role="alert">
      {text}
    </p>
  );
}
