import { describe, expect, test } from 'vitest';
import type { Overview } from './model';
import { pauseOrder, readSlots, readTarget, slotsOrder, targetWords } from './orders';
import { OperationsApi } from './operationsApi';

const counts = { held: 0, delayed: 0, completedLastHour: 0, cpuPercent: 0, memoryPercent: 0, memoryAvailableGb: 0 };
const overview = {
  queue: { ...counts, slots: 4, running: 3, waiting: 12, paused: false },
  kinds: [{ kind: 'bibtex', unfinished: 9, running: 1 }],
} as unknown as Overview;

/** An API that notes what is sent and answers with what is given. */
function api(answer: unknown, status = 200) {
  const sent: [string, unknown][] = [];
  const send = ((path: string, init?: RequestInit) => {
    sent.push([path, init?.body === undefined ? null : JSON.parse(String(init.body))]);
    return Promise.resolve(new Response(JSON.stringify(answer), { status, headers: { 'content-type': 'application/json' } }));
  }) as typeof fetch;
  return { sent, it: new OperationsApi(() => 'token', () => undefined, send) };
}

const steering = { isPaused: false, pauses: [], slots: 2, slotsSetBy: null, slotsSetAt: null };

describe('Before a pause', () => {
  test('it is said what runs, what will wait, and what those who wait are told', () => {
    const order = pauseOrder(api(steering).it, { scope: 'queue' }, 'Back at noon', overview);
    expect(order.title).toBe('Pause the whole queue?');
    expect(order.effects).toContain('3 jobs that run go on; 12 will wait.');
    expect(order.effects).toContain('Those who wait are told: “Back at noon”');
  });

  test('only the jobs of the kind are counted', () => {
    const order = pauseOrder(api(steering).it, { scope: 'kind', kind: 'bibtex' }, '', overview);
    expect(order.effects).toContain('1 job that runs goes on; 8 will wait.');
    expect(order.effects).toContain('Those who wait are told no reason.');
  });

  test('nothing is counted of a user, of whom nothing is known', () => {
    const order = pauseOrder(api(steering).it, { scope: 'user', user: 'ann' }, '', overview);
    expect(order.effects.join()).not.toMatch(/\d/);
  });

  test('nothing is sent; the order sends it', async () => {
    const { sent, it } = api(steering);
    const order = pauseOrder(it, { scope: 'user', user: 'ann' }, '', null);
    expect(sent).toEqual([]);
    expect(await order.act()).toBe('Paused: the user ann.');
    expect(sent).toEqual([['/api/v1/operations/pause', { scope: 'user', user: 'ann', reason: null }]]);
  });
});

describe('Before slots are set', () => {
  const effect = (slots: number | null, now = overview) => slotsOrder(api(steering).it, slots, now).effects[0];

  test('it is said how many can start', () => {
    expect(effect(6)).toBe('It was 4; 3 run. Up to 3 more can start at once.');
    expect(effect(50)).toBe('It was 4; 3 run. Up to 12 more can start at once.');
    expect(effect(3)).toBe('It was 4; 3 run. None starts by it now.');
  });

  test('it is said that what runs beyond them goes on', () => {
    expect(effect(2)).toBe('3 jobs run and go on; nothing starts until fewer than 2 do.');
    expect(slotsOrder(api(steering).it, 2, overview).isHarsh).toBe(true);
    expect(slotsOrder(api(steering).it, 8, overview).isHarsh).toBe(false);
  });

  test('nothing is promised of a paused queue', () => {
    expect(effect(6, { ...overview, queue: { ...overview.queue, paused: true } })).toMatch(/None starts/);
  });

  test('going back to the settings sends null and says what holds then', async () => {
    const { sent, it } = api(steering);
    expect(await slotsOrder(it, null, overview).act()).toBe('Up to 2 jobs may run at once now.');
    expect(sent).toEqual([['/api/v1/operations/slots', { slots: null }]]);
  });
});

describe('What was typed', () => {
  test.each(['1', ' 8 ', '10000'])('"%s" is a number of slots', (text) => expect(readSlots(text)).toBe(Number(text)));
  test.each(['', '0', '10001', '1.5', '-2', '1e3', 'all'])('"%s" is none', (text) =>
    expect(readSlots(text)).toBe('Slots are a whole number from 1 to 10,000. To start nothing, pause the queue.'),
  );
  test('A kind and a user need a name, the queue has none', () => {
    expect(readTarget('queue', 'left over')).toEqual({ scope: 'queue' });
    expect(readTarget('kind', ' bibtex ')).toEqual({ scope: 'kind', kind: 'bibtex' });
    expect(readTarget('user', '  ')).toMatch(/account's name/);
    expect(targetWords({ scope: 'kind', kind: 'bibtex' })).toBe('the kind bibtex');
  });
});
