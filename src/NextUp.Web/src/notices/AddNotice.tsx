import { useState } from 'preact/hooks';
import type { Api } from '../api';
import { Field } from '../Field';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { browserName, ownSubscription, subscribeBrowser, whyNoPush } from './browserPush';
import { EventChoice, eventsOf } from './EventChoice';
import { channelWords, usualEvents } from './noticeWords';
import { noticeCalls, type Channel, type Subscription } from './notices';

interface Props {
  readonly api: Api;
  readonly channels: readonly Channel[];
  readonly isVisitor: boolean;
  readonly added: (one: Subscription) => Promise<void>;
}

/** The simplest way first. */
const order: readonly Channel[] = ['push', 'mail', 'slack', 'discord', 'webhook'];

export function AddNotice({ api, channels, isVisitor, added }: Props) {
  const offered = order.filter((one) => channels.includes(one));
  const usable = offered.find((one) => one !== 'push' || whyNoPush() === null);
  const [channel, setChannel] = useState<Channel>(usable ?? 'webhook');
  const [target, setTarget] = useState('');
  const [label, setLabel] = useState('');
  const [events, setEvents] = useState<ReadonlySet<string>>(new Set(usualEvents));
  const action = useAction();
  const noPush = channel === 'push' ? whyNoPush() : null;
  const isReady = noPush === null && events.size > 0 && (channel === 'push' || target.trim() !== '');

  const add = async (): Promise<void> => {
    const wish = { channel, events: eventsOf(events), label: label.trim() || null };
    if (channel === 'push') {
      const own = await subscribeBrowser(await noticeCalls.pushKey(api));
      const named = wish.label ?? browserName(navigator.userAgent);
      const one = await noticeCalls.add(api, { ...wish, ...own, label: named });
      ownSubscription.write(one.id);
      await added(one);
    } else {
      await added(await noticeCalls.add(api, { ...wish, target: target.trim() }));
    }
    setTarget('');
    setLabel('');
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void action.run(add);
  };
  return (
    <form class="form" onSubmit={submit}>
      <fieldset>
        <legend>Where</legend>
        <div class="filters">
          {offered.map((one) => (
            <label key={one} class="pill">
              <input type="radio" name="channel" checked={channel === one} onChange={() => setChannel(one)} />
              {channelWords[one].name}
            </label>
          ))}
        </div>
        {isVisitor && !channels.includes('mail') ? <p class="sub">Mail is for accounts: sign in first.</p> : null}
      </fieldset>
      {channel === 'push' ? (
        <p class={noPush === null ? 'muted' : 'trouble'}>{noPush ?? channelWords.push.hint}</p>
      ) : (
        <Target channel={channel} value={target} change={setTarget} isWrong={action.trouble !== null} />
      )}
      <EventChoice chosen={events} choose={setEvents} />
      <label class="field">
        <span>
          Your name for it <span class="muted">(may be left out)</span>
        </span>
        <input
          type="text"
          maxLength={100}
          value={label}
          placeholder={channel === 'push' ? browserName(navigator.userAgent) : ''}
          onInput={(event) => setLabel(event.currentTarget.value)}
        />
      </label>
      <Trouble id="notice-trouble" text={action.trouble} />
      <div class="actions">
        <button type="submit" class="primary" disabled={action.isBusy || !isReady}>
          {action.isBusy ? 'Adding' : channel === 'push' ? 'Tell me in this browser' : 'Add'}
        </button>
      </div>
    </form>
  );
}

interface TargetProps {
  readonly channel: Channel;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly isWrong: boolean;
}

function Target({ channel, value, change, isWrong }: TargetProps) {
  const words = channelWords[channel];
  const field = {
    required: true,
    value,
    placeholder: words.example,
    'aria-invalid': isWrong,
    'aria-describedby': isWrong ? 'target-hint notice-trouble' : 'target-hint',
    onInput: (event: InputEvent & { currentTarget: HTMLInputElement }) => change(event.currentTarget.value),
  } as const;
  return (
    <Field label={words.target} hint={words.hint} hintId="target-hint">
      {channel === 'mail' ? <input type="email" autocomplete="email" {...field} /> : <input type="url" {...field} />}
    </Field>
  );
}
