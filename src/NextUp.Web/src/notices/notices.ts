/* How a user is told of their jobs: what the page knows of it, and the calls. */
import type { Api } from '../api';
import { Fields } from '../json';
import type { JobId } from '../model';
import { readTime } from '../wire';

export const channels = ['webhook', 'slack', 'discord', 'mail', 'push'] as const;
export type Channel = (typeof channels)[number];

export type SubscriptionState = 'unconfirmed' | 'active' | 'paused' | 'disabled';

export interface Subscription {
  readonly id: string;
  readonly channel: Channel;
  /** Of chats and browsers without what is secret in it. */
  readonly target: string;
  readonly events: readonly string[];
  readonly state: SubscriptionState;
  /** Why it is disabled. */
  readonly reason: string | null;
  readonly label: string | null;
  readonly deliveredAt: Date | null;
  readonly failingSince: Date | null;
  /** Of a webhook, at its making only. */
  readonly secret: string | null;
}

export interface Subscriptions {
  readonly own: readonly Subscription[];
  readonly max: number;
  /** The channels that this user can use here. */
  readonly channels: readonly Channel[];
}

export interface SubscriptionWish {
  readonly channel: Channel;
  readonly target: string;
  readonly events: readonly string[];
  readonly label: string | null;
  readonly keys?: { readonly p256dh: string; readonly auth: string };
}

export interface Amendment {
  readonly label?: string;
  readonly events?: readonly string[];
  readonly state?: 'active' | 'paused';
}

export interface Delivery {
  readonly id: string;
  readonly type: string;
  readonly at: Date;
  readonly job: { readonly id: JobId; readonly fileName: string } | null;
  readonly state: 'waiting' | 'delivered' | 'gave-up';
  readonly nextAttemptAt: Date | null;
  readonly attempts: readonly Attempt[];
}

export interface Attempt {
  readonly number: number;
  readonly at: Date;
  /** The receiver's HTTP status; null where it was not reached. */
  readonly status: number | null;
  readonly answer: string;
  readonly tookMs: number;
}

export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  readonly next: string | null;
}

const path = '/api/v1/notices';
const deliveriesPageSize = 20;

export const noticeCalls = {
  async list(api: Api): Promise<Subscriptions> {
    const list = Fields.of(await api.json(path), 'notices');
    return {
      own: list.list('subscriptions', readSubscription),
      max: list.numberOr('subscriptionsMax', 0),
      channels: channels.filter((one) => list.texts('channels').includes(one)),
    };
  },

  async add(api: Api, wish: SubscriptionWish): Promise<Subscription> {
    return readSubscription(await api.send('POST', path, wish), 'subscription');
  },

  async amend(api: Api, id: string, change: Amendment): Promise<void> {
    await api.send('PATCH', of(id), change);
  },

  async remove(api: Api, id: string): Promise<void> {
    await api.send('DELETE', of(id));
  },

  /** Sends a trial; the answer is the delivery, which is still under way. */
  async test(api: Api, id: string): Promise<Delivery> {
    return readDelivery(await api.send('POST', `${of(id)}/test`), 'delivery');
  },

  async delivery(api: Api, id: string, delivery: string): Promise<Delivery> {
    return readDelivery(await api.json(`${of(id)}/deliveries/${encodeURIComponent(delivery)}`), 'delivery');
  },

  async deliveries(api: Api, id: string, after: string | null): Promise<DeliveryPage> {
    const query = new URLSearchParams({ limit: String(deliveriesPageSize) });
    if (after !== null) query.set('after', after);
    const page = Fields.of(await api.json(`${of(id)}/deliveries?${query}`), 'deliveries');
    return { deliveries: page.list('deliveries', readDelivery), next: page.textOrNull('next') };
  },

  async replay(api: Api, id: string, delivery: string): Promise<void> {
    await api.send('POST', `${of(id)}/deliveries/${encodeURIComponent(delivery)}/replay`);
  },

  /** @returns the new secret; the old one signs beside it for a day. */
  async newSecret(api: Api, id: string): Promise<string> {
    return Fields.of(await api.send('POST', `${of(id)}/rotate-secret`), 'subscription').text('secret');
  },

  async pushKey(api: Api): Promise<string> {
    return Fields.of(await api.json(`${path}/push-key`), 'push key').text('publicKey');
  },
};

function of(id: string): string {
  return `${path}/${encodeURIComponent(id)}`;
}

function readSubscription(value: unknown, where: string): Subscription {
  const one = Fields.of(value, where);
  return {
    id: one.text('id'),
    channel: one.oneOf('channel', channels),
    target: one.text('target'),
    events: one.texts('events'),
    state: one.oneOf('state', ['unconfirmed', 'active', 'paused', 'disabled']),
    reason: one.textOrNull('reason'),
    label: one.textOrNull('label'),
    deliveredAt: readTime(one, 'deliveredAt'),
    failingSince: readTime(one, 'failingSince'),
    secret: one.textOrNull('secret'),
  };
}

function readDelivery(value: unknown, where: string): Delivery {
  const one = Fields.of(value, where);
  const job = one.textOrNull('jobId');
  return {
    id: one.text('id'),
    type: one.text('type'),
    at: new Date(one.text('at')),
    job: job === null ? null : { id: job as JobId, fileName: one.textOr('fileName', 'a job') },
    state: one.oneOf('state', ['waiting', 'delivered', 'gave-up']),
    nextAttemptAt: readTime(one, 'nextAttemptAt'),
    attempts: one.list('attempts', (attempt, at) => {
      const fields = Fields.of(attempt, at);
      return {
        number: fields.number('number'),
        at: new Date(fields.text('at')),
        status: fields.numberOrNull('status'),
        answer: fields.textOr('answer', ''),
        tookMs: fields.numberOr('tookMs', 0),
      };
    }),
  };
}
