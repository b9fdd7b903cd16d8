import { describe, expect, test } from 'vitest';
import { Problem } from '../problem';
import { Poll } from './poll';

/** A clock that is moved by hand. */
function clock() {
  const waits: { milliseconds: number; then: () => void }[] = [];
  return {
    waits,
    isSeen: true,
    waiting() {
      return {
        wait: (milliseconds: number, then: () => void) => {
          const wait = { milliseconds, then };
          waits.push(wait);
          return () => void waits.splice(waits.indexOf(wait), waits.includes(wait) ? 1 : 0);
        },
        isSeen: () => this.isSeen,
        now: () => new Date(0),
      };
    },
    async pass() {
      waits.shift()?.then();
      await settled();
    },
  };
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

describe('A poll', () => {
  test('asks again only when the answer is there', async () => {
    const time = clock();
    const answers: ((value: number) => void)[] = [];
    const poll = new Poll(() => new Promise<number>((resolve) => answers.push(resolve)), 2000, time.waiting());
    poll.start();
    expect(time.waits).toHaveLength(0);
    answers[0]?.(7);
    await settled();
    expect(poll.answer.state).toEqual({ value: 7, at: new Date(0), trouble: null });
    expect(time.waits.map((wait) => wait.milliseconds)).toEqual([2000]);
  });

  test('keeps the last answer while the server is away, and asks less and less often', async () => {
    const time = clock();
    let isAway = false;
    const ask = () => (isAway ? Promise.reject(new Problem(503, 'x', 'Away', 'It is away.')) : Promise.resolve(1));
    const poll = new Poll(ask, 1000, time.waiting());
    poll.start();
    await settled();
    isAway = true;
    const waited = [];
    for (let failure = 0; failure < 5; failure++) {
      await time.pass();
      waited.push(time.waits[0]?.milliseconds);
    }
    expect(waited).toEqual([2000, 4000, 8000, 8000, 8000]);
    expect(poll.answer.state).toEqual({ value: 1, at: new Date(0), trouble: 'It is away.' });
    isAway = false;
    await time.pass();
    expect(time.waits[0]?.milliseconds).toBe(1000);
    expect(poll.answer.state.trouble).toBeNull();
  });

  test('asks nothing while nobody looks', async () => {
    const time = clock();
    let asked = 0;
    const poll = new Poll(() => Promise.resolve(++asked), 1000, time.waiting());
    poll.start();
    await settled();
    time.isSeen = false;
    await time.pass();
    await time.pass();
    expect(asked).toBe(1);
    time.isSeen = true;
    await time.pass();
    expect(asked).toBe(2);
  });

  test('asked to refresh while asking, asks once more', async () => {
    const time = clock();
    let asked = 0;
    const poll = new Poll(() => Promise.resolve(++asked), 1000, time.waiting());
    poll.start();
    void poll.refresh();
    void poll.refresh();
    await settled();
    expect(asked).toBe(2);
    expect(time.waits).toHaveLength(1);
  });

  test('asks nothing more once it is stopped', async () => {
    const time = clock();
    const poll = new Poll(() => Promise.resolve(1), 1000, time.waiting());
    poll.start();
    poll.stop();
    await settled();
    expect(time.waits).toHaveLength(0);
  });
});
