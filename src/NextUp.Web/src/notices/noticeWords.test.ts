import { expect, test } from 'vitest';
import { browserName } from './browserPush';
import { attemptWords, deliveryWords, eventNames, eventsWords, healthWords, typeWords } from './noticeWords';
import type { Attempt, Delivery, Subscription } from './notices';

const now = new Date(2026, 4, 4, 12, 0).getTime();
const attempt: Attempt = { number: 1, at: new Date(now), status: 500, answer: 'busy', tookMs: 12 };
const waiting: Delivery = {
  id: 'd',
  type: 'job.completed',
  at: new Date(now),
  job: null,
  state: 'waiting',
  nextAttemptAt: null,
  attempts: [],
};
const active: Subscription = {
  id: 's',
  channel: 'mail',
  target: 'ann@example.org',
  events: ['completed'],
  state: 'active',
  reason: null,
  label: null,
  deliveredAt: null,
  failingSince: null,
  secret: null,
};

test('What is told reads as a sentence', () => {
  expect(eventsWords(['completed', 'failed', 'cancelled'])).toBe('a job is completed, has failed or was cancelled');
  expect(eventsWords(['started'])).toBe('a job has started');
  expect(eventsWords([...eventNames.keys()])).toBe('whatever happens to a job');
});

test('Each state of a subscription says what is to be done', () => {
  expect(healthWords({ ...active, state: 'unconfirmed' }, now)).toMatch(/link in the mail .* ann@example\.org/);
  expect(healthWords({ ...active, state: 'disabled', reason: 'it answered 410' }, now)).toMatch(/: It answered 410\.$/);
  expect(healthWords({ ...active, state: 'paused' }, now)).toMatch(/until you go on/);
  expect(healthWords({ ...active, failingSince: new Date(now) }, now)).toMatch(/^Nothing arrived since /);
  expect(healthWords(active, now)).toBe('Nothing was sent yet.');
});

test('A delivery says what became of it', () => {
  expect(deliveryWords(waiting, now)).toBe('On its way');
  const next = new Date(2026, 4, 4, 13, 0);
  expect(deliveryWords({ ...waiting, attempts: [attempt], nextAttemptAt: next }, now)).toMatch(/^Tried again at /);
  expect(deliveryWords({ ...waiting, state: 'gave-up', attempts: [attempt] }, now)).toBe('Given up after 1 attempt');
  expect(deliveryWords({ ...waiting, state: 'delivered' }, now)).toBe('Delivered');
  expect(typeWords('job.completed')).toBe('is completed');
});

test('An attempt says what was answered, or why nobody was reached', () => {
  expect(attemptWords(attempt)).toBe('answered 500 in 12 ms: busy');
  expect(attemptWords({ ...attempt, status: null, answer: 'no such host' })).toBe('not reached: no such host');
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0', 'Edge on Windows'],
  ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36', 'Chrome on Android'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18.0 Safari/605.1.15', 'Safari on Mac'],
  ['curl', 'A browser'],
])('%s is %s', (agent, name) => expect(browserName(agent)).toBe(name));
