import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Api } from '../api';
import { wireJob, wireMe, wireQueue } from '../testing/jobs';
import type { Snapshot } from '../model';
import { LiveFeed, openingMaxMs, pollIntervalMs, silenceMaxMs, type Connection } from './LiveFeed';

/** A server whose streams a test opens, feeds and breaks. */
class FakeServer {
  readonly resumedFrom: (string | null)[] = [];
  readonly asked: string[] = [];
  answer: 'stream' | 'nothing' | 'html' | 'hang' | 401 | 503 = 'stream';
  private streams: ReadableStreamDefaultController<Uint8Array>[] = [];

  readonly fetch: typeof fetch = async (input, init) => {
    const path = String(input);
    this.asked.push(path);
    if (this.answer === 'nothing') throw new TypeError('fetch failed');
    if (typeof this.answer === 'number') return new Response('', { status: this.answer });
    if (path === '/api/v1/me') return Response.json(wireMe([], 9));
    if (path === '/api/v1/queue') return Response.json(wireQueue());
    this.resumedFrom.push(new Headers(init?.headers).get('Last-Event-ID'));
    if (this.answer === 'html') return new Response('<p>', { headers: { 'content-type': 'text/html' } });
    const body = new ReadableStream<Uint8Array>({
      start: (stream) => {
        this.streams.push(stream);
        init?.signal?.addEventListener('abort', () => stream.error(new DOMException('', 'AbortError')));
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };

  async say(type: string, data: unknown): Promise<void> {
    const text = `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
    this.streams.at(-1)?.enqueue(new TextEncoder().encode(text));
    await settle();
  }

  async snapshot(lastEvent: number): Promise<void> {
    await this.say('snapshot', { me: wireMe([], lastEvent), queue: wireQueue(), lastEvent });
  }

  async event(number: number): Promise<void> {
    await this.say('job', { number, type: 'queued', at: '2026-05-04T09:30:00Z', reason: null, job: wireJob() });
  }

  async break(): Promise<void> {
    this.streams.at(-1)?.error(new TypeError('network error'));
    await settle();
  }
}

class Told {
  readonly connections: Connection['state'][] = [];
  readonly snapshots: Snapshot[] = [];
  readonly events: number[] = [];
  rejections = 0;

  readonly listener = {
    snapshot: (snapshot: Snapshot) => void this.snapshots.push(snapshot),
    jobEvent: ({ number }: { number: number }) => void this.events.push(number),
    progress: () => undefined,
    positions: () => undefined,
    queue: () => undefined,
    connection: ({ state }: Connection) => void this.connections.push(state),
    rejected: () => void this.rejections++,
  };
}

let server: FakeServer;
let told: Told;
let feed: LiveFeed;
let end: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  told = new Told();
  feed = new LiveFeed(new Api(() => null, server.fetch), told.listener, () => 1);
  end = new AbortController();
});

afterEach(async () => {
  end.abort();
  await settle();
  vi.useRealTimers();
});

/** Lets promises and streams go on without time passing. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await vi.advanceTimersByTimeAsync(0);
}

async function start(): Promise<void> {
  void feed.run(end.signal);
  await settle();
}

test('The first snapshot says where to begin', async () => {
  await start();
  await server.snapshot(5);
  await server.event(6);
  await server.break();
  await vi.advanceTimersByTimeAsync(500);
  expect(server.resumedFrom).toEqual([null, '6']);
  expect(told.connections).toEqual(['live', 'lost']);
});

test('A stream that breaks after a later snapshot resumes from the last event taken', async () => {
  await start();
  await server.snapshot(5);
  await server.break();
  await vi.advanceTimersByTimeAsync(500);
  await server.snapshot(8);
  await server.event(6);
  await server.break();
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.resumedFrom).toEqual([null, '5', '6']);
});

test('An event that comes twice is told once', async () => {
  await start();
  await server.snapshot(5);
  for (const number of [5, 6, 7, 6, 7, 8]) await server.event(number);
  expect(told.events).toEqual([6, 7, 8]);
});

test('Where the server begins anew, so does the page', async () => {
  await start();
  await server.snapshot(50);
  await server.break();
  await vi.advanceTimersByTimeAsync(500);
  await server.snapshot(2);
  await server.event(3);
  expect(told.events).toEqual([3]);
});

test('Waits for a lost server grow, and begin small again after a steady stream', async () => {
  server.answer = 'nothing';
  await start();
  for (const delay of [500, 1000, 2000]) {
    const before = server.asked.length;
    await vi.advanceTimersByTimeAsync(delay - 1);
    expect(server.asked.length).toBe(before);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.asked.length).toBe(before + 1);
  }
  server.answer = 'stream';
  await vi.advanceTimersByTimeAsync(4000);
  await server.snapshot(1);
  await vi.advanceTimersByTimeAsync(11_000);
  await server.break();
  const before = server.asked.length;
  await vi.advanceTimersByTimeAsync(500);
  expect(server.asked.length).toBe(before + 1);
});

test('A server that breaks each stream at once is not asked in a tight loop', async () => {
  await start();
  for (const delay of [500, 1000, 2000, 4000]) {
    await server.snapshot(1);
    await server.break();
    const before = server.asked.length;
    await vi.advanceTimersByTimeAsync(delay - 1);
    expect(server.asked.length).toBe(before);
    await vi.advanceTimersByTimeAsync(1);
  }
});

test('Waking ends the wait', async () => {
  server.answer = 'nothing';
  await start();
  await vi.advanceTimersByTimeAsync(500 + 1000 + 2000 + 4000);
  server.answer = 'stream';
  feed.wake();
  await settle();
  await server.snapshot(1);
  expect(told.connections.at(-1)).toBe('live');
});

test('A stream that has gone silent is opened again', async () => {
  await start();
  await server.snapshot(5);
  await vi.advanceTimersByTimeAsync(silenceMaxMs - 1);
  expect(server.resumedFrom.length).toBe(1);
  await vi.advanceTimersByTimeAsync(1 + 500);
  expect(server.resumedFrom).toEqual([null, '5']);
});

test('Without streams the page asks every two seconds, and tries a stream again after a minute', async () => {
  server.answer = 'html';
  await start();
  await vi.advanceTimersByTimeAsync(500);
  expect(told.connections.at(-1)).toBe('polling');
  const before = told.snapshots.length;
  await vi.advanceTimersByTimeAsync(10 * pollIntervalMs);
  expect(told.snapshots.length).toBe(before + 10);

  server.answer = 'stream';
  await vi.advanceTimersByTimeAsync(20 * pollIntervalMs);
  await server.snapshot(12);
  expect(told.connections.at(-1)).toBe('live');
  expect(server.resumedFrom.at(-1)).toBe('9');
});

test('A stream that is gathered on the way counts as none', async () => {
  await start();
  await vi.advanceTimersByTimeAsync(openingMaxMs + 500);
  await vi.advanceTimersByTimeAsync(openingMaxMs);
  expect(told.connections.at(-1)).toBe('polling');
});

test('A poll that fails says that the connection is lost, and goes on', async () => {
  server.answer = 'html';
  await start();
  await vi.advanceTimersByTimeAsync(500);
  server.answer = 503;
  await vi.advanceTimersByTimeAsync(pollIntervalMs);
  expect(told.connections.at(-1)).toBe('lost');
  server.answer = 'html';
  await vi.advanceTimersByTimeAsync(500);
  expect(told.connections.at(-1)).toBe('polling');
});

test('A refused token ends the feed and is told once', async () => {
  server.answer = 401;
  await start();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(told.rejections).toBe(1);
  expect(server.asked.length).toBe(1);
});

test('An event that cannot be read is asked for again', async () => {
  await start();
  await server.snapshot(5);
  await server.say('job', { number: 6, type: 'queued', job: { id: 1 } });
  await vi.advanceTimersByTimeAsync(500);
  expect(server.resumedFrom).toEqual([null, '5']);
});

test('After its end the feed asks no more', async () => {
  await start();
  await server.snapshot(5);
  end.abort();
  await vi.advanceTimersByTimeAsync(300_000);
  expect(server.asked.length).toBe(1);
});
