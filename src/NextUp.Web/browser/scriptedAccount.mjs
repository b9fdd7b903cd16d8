/* What belongs to a user beside their jobs: how they are told, their API keys, and their sign-in. */
import { randomUUID } from 'node:crypto';
import { json, problem } from './answers.mjs';

const everything = ['push', 'mail', 'slack', 'discord', 'webhook'];

export class ScriptedAccounts {
  constructor(queue) {
    this.queue = queue;
    this.tokens = new Map([['token-of-ada', 'ada']]);
    this.roles = new Map();
    this.signInPath = null;
    this.subscriptions = new Map();
    this.deliveries = new Map();
    this.keys = new Map();
    /** What of a visitor's does not come along at sign-in. */
    this.leftBehind = undefined;
    /** What receivers answer to a trial. */
    this.receiverAnswers = { state: 'delivered', status: 204, answer: '' };
  }

  /** Signs in, and the visitor's jobs come along. */
  openSession(response, visitor, { token }) {
    const user = this.tokens.get(token);
    if (user === undefined) return problem(response, 401, 'unauthorized', 'The token is damaged or has run out.');
    for (const job of this.queue.jobs.values()) if (job.user === visitor) job.user = user;
    response.setHeader('Set-Cookie', `nextup-visitor=${user}; HttpOnly; SameSite=Lax; Path=/`);
    return json(response, 200, { leftBehind: this.leftBehind });
  }

  notices(request, response, user, [, id, part, delivery, verb], body) {
    const own = this.of(this.subscriptions, user);
    if (id === undefined && request.method === 'GET') {
      const channels = user.startsWith('visitor-') ? everything.filter((one) => one !== 'mail') : everything;
      return json(response, 200, { subscriptions: own.map(withoutSecret), subscriptionsMax: 10, channels });
    }
    if (id === undefined) return this.subscribe(response, own, body);
    if (id === 'push-key') return json(response, 200, { publicKey: 'key-of-the-server' });
    const one = own.find((subscription) => subscription.id === id);
    if (one === undefined) return problem(response, 404, 'notice-not-found', 'There is no such subscription.');
    const sent = this.of(this.deliveries, id);
    switch (`${request.method} ${verb ?? part ?? ''}`) {
      case 'PATCH ':
        return json(response, 200, withoutSecret(Object.assign(one, body)));
      case 'DELETE ':
        own.splice(own.indexOf(one), 1);
        return nothing(response);
      case 'POST rotate-secret':
        return json(response, 200, { ...one, secret: 'whsec_another' });
      case 'POST test':
        return json(response, 202, this.send(one, sent, 'notice.test', null));
      case 'POST replay':
        return json(response, 202, sent.find((found) => found.id === delivery));
      default:
        if (delivery === undefined) return json(response, 200, { deliveries: sent, next: null });
        return json(response, 200, this.arrive(one, sent.find((found) => found.id === delivery)));
    }
  }

  subscribe(response, own, { channel, target, events, label }) {
    if (channel !== 'mail' && !target.startsWith('https://')) {
      return problem(response, 422, 'unfit-notice', 'target must be an address that begins with https://.');
    }
    const one = {
      id: randomUUID(),
      channel,
      target: ['webhook', 'mail'].includes(channel) ? target : `${new URL(target).origin}/...`,
      events,
      state: channel === 'mail' ? 'unconfirmed' : 'active',
      reason: null,
      label,
      createdAt: new Date().toISOString(),
      deliveredAt: null,
      failingSince: null,
    };
    own.push(one);
    return json(response, 201, channel === 'webhook' ? { ...one, secret: 'whsec_shown_once' } : one);
  }

  send(one, sent, type, job) {
    const delivery = {
      id: randomUUID(),
      type,
      at: new Date().toISOString(),
      jobId: job?.id ?? null,
      fileName: job?.fileName ?? null,
      state: 'waiting',
      nextAttemptAt: null,
      attempts: [],
    };
    sent.unshift(delivery);
    return structuredClone(delivery);
  }

  arrive(one, delivery) {
    const { state, status, answer } = this.receiverAnswers;
    if (delivery.state !== 'waiting') return delivery;
    const at = new Date().toISOString();
    delivery.attempts.push({ number: 1, at, status, answer, tookMs: 14 });
    one[state === 'delivered' ? 'deliveredAt' : 'failingSince'] = at;
    return Object.assign(delivery, { state });
  }

  apiKeys(request, response, user, [, id], body) {
    const own = this.of(this.keys, user);
    if (request.method === 'GET') return json(response, 200, { keys: own, next: null });
    if (request.method === 'DELETE') {
      own.find((key) => key.id === id).state = 'revoked';
      return nothing(response);
    }
    const at = new Date();
    const end = body.expiresInDays === null ? null : new Date(at.getTime() + body.expiresInDays * 86_400_000);
    const about = {
      id: randomUUID(),
      name: body.name,
      scopes: body.scopes,
      state: 'good',
      createdAt: at.toISOString(),
      expiresAt: end?.toISOString() ?? null,
      revokedAt: null,
      lastUsedAt: null,
    };
    own.unshift(about);
    return json(response, 201, { key: 'nuk_shown_once', about });
  }

  of(map, key) {
    if (!map.has(key)) map.set(key, []);
    return map.get(key);
  }
}

function withoutSecret({ secret, ...shown }) {
  return shown;
}

function nothing(response) {
  response.statusCode = 204;
  response.end();
}
