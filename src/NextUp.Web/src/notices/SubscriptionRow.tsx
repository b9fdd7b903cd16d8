import { useState } from 'preact/hooks';
import type { Api } from '../api';
import { Confirm } from '../Confirm';
import { Trouble } from '../Trouble';
import { useAction, type Action } from '../useAction';
import { ownSubscription, unsubscribeBrowser } from './browserPush';
import { Deliveries } from './Deliveries';
import { EventChoice, eventsOf } from './EventChoice';
import { channelWords, eventsWords, healthWords, moodOf, moodWords } from './noticeWords';
import { noticeCalls, type Subscription } from './notices';
import { Trial } from './Trial';

interface Props {
  readonly api: Api;
  readonly of: Subscription;
  readonly read: () => Promise<void>;
  readonly showSecret: (secret: string) => void;
}

/** One way in which you are told. */
export function SubscriptionRow({ api, of: one, read, showSecret }: Props) {
  const action = useAction();
  const name = nameOf(one);
  const [isOpen, setOpen] = useState(false);
  const mood = moodOf(one);
  return (
    <li class="subscription">
      <div class="job-head">
        <div class="job-name">
          <strong>{name}</strong>
          <p class="muted">
            {name.startsWith(channelWords[one.channel].name) ? '' : `${channelWords[one.channel].name}, `}
            {one.channel === 'push' ? '' : `${one.target}, `}when {eventsWords(one.events)}
          </p>
        </div>
        <span class={`badge badge-notice-${mood}`}>{moodWords[mood]}</span>
      </div>
      <p class={mood === 'disabled' || mood === 'failing' ? 'trouble' : 'muted'}>
        {healthWords(one, Date.now())}
      </p>
      <Actions api={api} one={one} name={name} read={read} showSecret={showSecret} action={action} />
      <Trouble text={action.trouble} />
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>What was sent</summary>
        {isOpen ? <Deliveries api={api} of={one} /> : null}
      </details>
    </li>
  );
}

/** "Firefox on Linux (this browser)", "Slack" */
function nameOf(one: Subscription): string {
  const isHere = one.channel === 'push' && ownSubscription.read() === one.id;
  const name = one.label ?? (one.channel === 'push' ? 'A browser' : channelWords[one.channel].name);
  return isHere ? `${name} (this browser)` : name;
}

interface ActionsProps {
  readonly api: Api;
  readonly one: Subscription;
  readonly name: string;
  readonly read: () => Promise<void>;
  readonly showSecret: (secret: string) => void;
  readonly action: Action;
}

function Actions({ api, one, name, read, showSecret, action }: ActionsProps) {
  const [removing, setRemoving] = useState(false);
  const [changing, setChanging] = useState(false);
  const goesOn = one.state === 'active' ? 'paused' : 'active';
  const run = (work: () => Promise<unknown>): void =>
    void action.run(async () => {
      await work();
      await read();
    });
  const remove = async (): Promise<void> => {
    await noticeCalls.remove(api, one.id);
    if (ownSubscription.read() === one.id) await unsubscribeBrowser();
    await read();
  };
  return (
    <>
      {one.state === 'active' ? <Trial api={api} id={one.id} name={name} done={read} /> : null}
      <div class="actions small">
        {one.state === 'unconfirmed' ? null : (
          <button
            type="button"
            aria-label={`${goesOn === 'paused' ? 'Pause' : 'Go on with'} ${name}`}
            disabled={action.isBusy}
            onClick={() => run(() => noticeCalls.amend(api, one.id, { state: goesOn }))}
          >
            {goesOn === 'paused' ? 'Pause' : 'Go on'}
          </button>
        )}
        <button
          type="button"
          aria-label={`Change ${name}`}
          aria-expanded={changing}
          onClick={() => setChanging(!changing)}
        >
          Change
        </button>
        {one.channel === 'webhook' ? (
          <button
            type="button"
            aria-label={`New secret for ${name}`}
            disabled={action.isBusy}
            onClick={() => run(async () => showSecret(await noticeCalls.newSecret(api, one.id)))}
          >
            New secret
          </button>
        ) : null}
        <button type="button" class="danger" aria-label={`Remove ${name}`} onClick={() => setRemoving(true)}>
          Remove
        </button>
      </div>
      {changing ? <Change api={api} one={one} read={read} close={() => setChanging(false)} /> : null}
      {removing ? (
        <Confirm
          id={`remove-${one.id}`}
          title={`Remove ${name}?`}
          keep="Keep it"
          act="Remove it"
          work={remove}
          close={() => setRemoving(false)}
        >
          You are told no more this way, and what still waits to be sent is not sent.
        </Confirm>
      ) : null}
    </>
  );
}

interface ChangeProps {
  readonly api: Api;
  readonly one: Subscription;
  readonly read: () => Promise<void>;
  readonly close: () => void;
}

function Change({ api, one, read, close }: ChangeProps) {
  const [events, setEvents] = useState<ReadonlySet<string>>(new Set(one.events));
  const [label, setLabel] = useState(one.label ?? '');
  const action = useAction();
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const change = { events: eventsOf(events), label: label.trim() };
    if (!(await action.run(() => noticeCalls.amend(api, one.id, change)))) return;
    close();
    await read();
  };
  return (
    <form class="form" onSubmit={(event) => void submit(event)}>
      <EventChoice chosen={events} choose={setEvents} />
      <label class="field">
        Your name for it
        <input type="text" maxLength={100} value={label} onInput={(event) => setLabel(event.currentTarget.value)} />
      </label>
      <Trouble text={action.trouble} />
      <div class="actions">
        <button type="submit" class="primary" disabled={action.isBusy || events.size === 0}>
          Save
        </button>
        <button type="button" class="quiet" onClick={close}>
          Leave it
        </button>
      </div>
    </form>
  );
}
