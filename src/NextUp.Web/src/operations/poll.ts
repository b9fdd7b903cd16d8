import { useEffect, useState } from 'preact/hooks';
import { problemWords } from '../problem';
import { Store, useStore } from '../store';

/** What was last answered. While a question fails, the answer of before stays and is said to be old. */
export interface Answer<T> {
  readonly value: T | null;
  readonly at: Date | null;
  readonly trouble: string | null;
}

/** The times that a poll waits for; from outside, so that tests need not wait. */
export interface Waiting {
  readonly wait: (milliseconds: number, then: () => void) => () => void;
  readonly isSeen: () => boolean;
  readonly now: () => Date;
}

const pageWaiting: Waiting = {
  wait: (milliseconds, then) => {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
  isSeen: () => !document.hidden,
  now: () => new Date(),
};

/** With every failure in a row the next question waits twice as long, up to this many periods. */
const backoffMax = 8;

/** Asks again and again: never two questions at once, none while nobody looks, fewer while the server is in trouble. */
export class Poll<T> {
  readonly answer = new Store<Answer<T>, Answer<T>>((_, next) => next, { value: null, at: null, trouble: null });
  private isAsking = false;
  private isAskedAgain = false;
  private isStopped = false;
  private failures = 0;
  private cancelWait = (): void => undefined;

  constructor(
    private readonly ask: () => Promise<T>,
    private readonly periodMs: number,
    private readonly waiting: Waiting = pageWaiting,
  ) {}

  start(): void {
    this.isStopped = false;
    void this.refresh();
  }

  stop(): void {
    this.isStopped = true;
    this.cancelWait();
  }

  /** Asks now. A question that is under way may have missed what was just done, so one follows it. */
  async refresh(): Promise<void> {
    if (this.isAsking) {
      this.isAskedAgain = true;
      return;
    }

    this.cancelWait();
    this.isAsking = true;
    do {
      this.isAskedAgain = false;
      await this.askOnce();
    } while (this.isAskedAgain);
    this.isAsking = false;
    this.waitForNext();
  }

  private async askOnce(): Promise<void> {
    try {
      const value = await this.ask();
      this.failures = 0;
      this.answer.dispatch({ value, at: this.waiting.now(), trouble: null });
    } catch (error) {
      this.failures++;
      this.answer.dispatch({ ...this.answer.state, trouble: problemWords(error) });
    }
  }

  private waitForNext(): void {
    if (this.isStopped) return;
    const periods = Math.min(2 ** this.failures, backoffMax);
    this.cancelWait = this.waiting.wait(this.periodMs * periods, () => {
      if (this.waiting.isSeen()) void this.refresh();
      else this.waitForNext();
    });
  }
}

/** A poll for as long as the component is shown; a new one when what is asked for changes. */
export function usePoll<T>(ask: () => Promise<T>, periodMs: number, about: string): [Answer<T>, () => void] {
  const [poll, setPoll] = useState(() => ({ about, it: new Poll(ask, periodMs) }));
  let current = poll;
  if (poll.about !== about) {
    current = { about, it: new Poll(ask, periodMs) };
    setPoll(current);
  }
  const { it } = current;
  useEffect(() => {
    it.start();
    const look = (): void => {
      if (!document.hidden) void it.refresh();
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      it.stop();
    };
  }, [it]);
  return [useStore(it.answer), () => void it.refresh()];
}
