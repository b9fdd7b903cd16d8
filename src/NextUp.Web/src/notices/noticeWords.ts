/* Notices in words. */
import { counted, sentence, timeWords, whenWords } from '../words';
import type { Attempt, Channel, Delivery, Subscription } from './notices';

export const eventNames: ReadonlyMap<string, string> = new Map([
  ['queued', 'is in the line'],
  ['held', 'waits in my lane'],
  ['started', 'has started'],
  ['retrying', 'is tried again'],
  ['completed', 'is completed'],
  ['failed', 'has failed'],
  ['cancelled', 'was cancelled'],
  ['requeued', 'is to be done again'],
]);

/** What is told where nothing else is chosen: the three ends of a job. */
export const usualEvents: readonly string[] = ['completed', 'failed', 'cancelled'];

export interface ChannelWords {
  readonly name: string;
  /** What is asked for. */
  readonly target: string;
  readonly hint: string;
  readonly example: string;
}

export const channelWords: Readonly<Record<Channel, ChannelWords>> = {
  push: { name: 'This browser', target: '', hint: 'A notification, also while this page is closed.', example: '' },
  mail: {
    name: 'Mail',
    target: 'Address',
    hint: 'You get a mail in which you confirm the address.',
    example: 'ann@example.org',
  },
  slack: {
    name: 'Slack',
    target: 'Address of an incoming webhook',
    hint: 'In Slack: Apps, Incoming Webhooks, Add to a channel.',
    example: 'https://hooks.slack.com/services/...',
  },
  discord: {
    name: 'Discord',
    target: 'Address of a webhook',
    hint: 'In Discord: Edit Channel, Integrations, Webhooks.',
    example: 'https://discord.com/api/webhooks/...',
  },
  webhook: {
    name: 'Webhook',
    target: 'Address of your program',
    hint: 'It is called with a signed JSON body (Standard Webhooks).',
    example: 'https://example.org/nextup',
  },
};

/** "a job is completed, has failed or was cancelled" */
export function eventsWords(events: readonly string[]): string {
  if (events.length === eventNames.size) return 'whatever happens to a job';
  const names = events.map((one) => eventNames.get(one) ?? one);
  return `a job ${[names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' or ')}`;
}

/** The state, and whether what is sent arrives. */
export type Mood = Subscription['state'] | 'failing';

export function moodOf({ state, failingSince }: Subscription): Mood {
  return state === 'active' && failingSince !== null ? 'failing' : state;
}

export const moodWords: Readonly<Record<Mood, string>> = {
  unconfirmed: 'Not confirmed',
  active: 'Active',
  paused: 'Paused',
  disabled: 'Stopped',
  failing: 'Failing',
};

/** How it goes with a subscription, in a sentence. */
export function healthWords(one: Subscription, now: number): string {
  switch (one.state) {
    case 'unconfirmed':
      return `Open the link in the mail that was sent to ${one.target}. Until then nothing else is sent there.`;
    case 'disabled':
      return `Nothing is sent any more: ${sentence(one.reason ?? 'it was stopped')}`;
    case 'paused':
      return 'Nothing is sent until you go on.';
    case 'active':
      if (one.failingSince !== null) {
        return `Nothing arrived since ${timeWords(one.failingSince, now)}; what waits is tried again.`;
      }
      return one.deliveredAt === null ? 'Nothing was sent yet.' : `Arrived last ${whenWords(one.deliveredAt, now)}.`;
  }
}

const types: ReadonlyMap<string, string> = new Map([
  ['notice.test', 'A trial'],
  ['notice.confirm', 'The question whether to confirm the address'],
]);

export function typeWords(type: string): string {
  return types.get(type) ?? eventNames.get(type.replace(/^job\./, '')) ?? type;
}

export function deliveryWords(delivery: Delivery, now: number): string {
  const { state, attempts, nextAttemptAt } = delivery;
  const last = attempts.at(-1);
  if (state === 'delivered') return 'Delivered';
  if (state === 'gave-up') return `Given up after ${counted(attempts.length, 'attempt', 'attempts')}`;
  if (last === undefined) return 'On its way';
  return nextAttemptAt === null ? 'Tried again soon' : `Tried again ${whenWords(nextAttemptAt, now)}`;
}

/** "answered 200 in 12 ms", or why it was not reached. */
export function attemptWords({ status, answer, tookMs }: Attempt): string {
  const said = answer === '' ? '' : `: ${answer}`;
  return status === null ? `not reached${said}` : `answered ${status} in ${tookMs} ms${said}`;
}
