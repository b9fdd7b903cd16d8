/* Keeps the page in step with the server.
   The server streams: first a snapshot, then every stored event of this user after the number that we name, then what
   happens live. The number that we name is the last event we have taken, never the one of a snapshot, because a stream
   may break between a snapshot and the events before it; only the very first snapshot says where to begin. So after
   any loss the missed events come again, in order, and a number that was already taken is dropped.
   Where a stream cannot be held (a proxy that gathers answers, an old network), the page asks every two seconds, and
   tries the stream again each minute. */
import type { Api } from '../api';
import { Problem } from '../problem';
import type { JobEvent, Job, LogLine, Place, Queue, Snapshot } from '../model';
import { readJobEvent, readPlaces, readProgressEvent, readQueue, readSnapshot } from '../wire';
import { reconnectDelayMs } from './backoff';
import { EventStreamReader, type StreamEvent } from './eventStream';

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  | { readonly state: 'polling' }
  | { readonly state: 'lost'; readonly retryAt: number };

/** What the feed tells. */
export interface FeedListener {
  snapshot(snapshot: Snapshot): void;
  jobEvent(event: JobEvent): void;
  progress(job: Job, lines: readonly LogLine[]): void;
  positions(places: readonly Place[]): void;
  queue(queue: Queue): void;
  connection(connection: Connection): void;
  /** The token is not accepted; the feed has ended. */
  rejected(problem: Problem): void;
}

/** A stream that says nothing for so long is dead: the server speaks at least every 15 seconds. */
export const silenceMaxMs = 40_000;
/** A stream that has not begun by then is being gathered by something on the way. */
export const openingMaxMs = 10_000;
export const pollIntervalMs = 2_000;
const pollsBetweenStreams = 30;
const unusableStreamsMax = 2;
/** A stream that held for so long was a good one, and the next delay starts small again. */
const steadyMs = 10_000;

type StreamEnd = 'broken' | 'unusable' | 'unreachable';

export class LiveFeed {
  private lastEvent: number | null = null;
  private wakeUp: () => void = () => undefined;

  constructor(
    private readonly api: Api,
    private readonly listener: FeedListener,
    private readonly random: () => number = Math.random,
  ) {}

  /** Runs until the signal, or until the user's token is refused. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    let unusable = 0;
    while (!signal.aborted) {
      try {
        const began = Date.now();
        const end = await this.stream(signal);
        if (signal.aborted) return;
        if (end === 'broken' && Date.now() - began >= steadyMs) failures = 0;
        unusable = end === 'unusable' ? unusable + 1 : 0;
        if (unusable >= unusableStreamsMax) await this.poll(signal);
        else await this.waitToReconnect(failures++, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof Problem) || error.status !== 401) throw error;
        this.listener.rejected(error);
        return;
      }
    }
  }

  /** Ends a wait for the next attempt: the network is back, or someone asked. */
  wake(): void {
    this.wakeUp();
  }

  private async stream(signal: AbortSignal): Promise<StreamEnd> {
    const attempt = new AbortController();
    const stop = (): void => attempt.abort();
    signal.addEventListener('abort', stop, { once: true });
    let patience = setTimeout(stop, openingMaxMs);
    let begun = false;
    let answered = false;
    try {
      const body = await this.api.openEvents(this.lastEvent, attempt.signal);
      answered = true;
      const reader = new EventStreamReader();
      const pieces = body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await pieces.read();
        if (done) return begun ? 'broken' : 'unusable';
        clearTimeout(patience);
        patience = setTimeout(stop, silenceMaxMs);
        for (const event of reader.push(value)) {
          this.take(event);
          begun = true;
        }
      }
    } catch (error) {
      if (error instanceof Problem && error.status === 401) throw error;
      if (begun) return 'broken';
      const unusable = answered || attempt.signal.aborted || (error instanceof Problem && error.status < 500);
      return unusable ? 'unusable' : 'unreachable';
    } finally {
      clearTimeout(patience);
      signal.removeEventListener('abort', stop);
      attempt.abort();
    }
  }

  private take(event: StreamEvent): void {
    const data: unknown = JSON.parse(event.data);
    switch (event.type) {
      case 'snapshot':
        return this.takeSnapshot(readSnapshot(data));
      case 'job':
        return this.takeJobEvent(readJobEvent(data));
      case 'progress': {
        const { job, lines } = readProgressEvent(data);
        return this.listener.progress(job, lines);
      }
      case 'position':
        return this.listener.positions(readPlaces(data));
      case 'queue':
        return this.listener.queue(readQueue(data));
    }
  }

  private takeSnapshot(snapshot: Snapshot): void {
    // A server with a shorter history than ours is another one, or was restored from a copy: begin where it is.
    if (this.lastEvent === null || snapshot.lastEvent < this.lastEvent) this.lastEvent = snapshot.lastEvent;
    this.listener.connection({ state: 'live' });
    this.listener.snapshot(snapshot);
  }

  private takeJobEvent(event: JobEvent): void {
    if (this.lastEvent !== null && event.number <= this.lastEvent) return;
    this.lastEvent = event.number;
    this.listener.jobEvent(event);
  }

  private async poll(signal: AbortSignal): Promise<void> {
    let failures = 0;
    for (let polls = 0; polls < pollsBetweenStreams && !signal.aborted; polls++) {
      try {
        const [me, queue] = await Promise.all([this.api.me(signal), this.api.queue(signal)]);
        failures = 0;
        this.listener.connection({ state: 'polling' });
        // lastEvent stays: the events in between are read when a stream holds again.
        this.lastEvent ??= me.lastEvent;
        this.listener.snapshot({ me, queue, lastEvent: me.lastEvent });
        await this.wait(pollIntervalMs, signal);
      } catch (error) {
        if (signal.aborted || (error instanceof Problem && error.status === 401)) throw error;
        await this.waitToReconnect(failures++, signal);
      }
    }
  }

  private async waitToReconnect(failures: number, signal: AbortSignal): Promise<void> {
    const delay = reconnectDelayMs(failures, this.random);
    this.listener.connection({ state: 'lost', retryAt: Date.now() + delay });
    await this.wait(delay, signal);
  }

  private wait(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, delayMs);
      signal.addEventListener('abort', end, { once: true });
      this.wakeUp = end;
    });
  }
}
