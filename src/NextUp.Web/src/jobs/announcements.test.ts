import { expect, test } from 'vitest';
import { aJob } from '../testing/jobs';
import type { Job } from '../model';
import { announce, quietMs, silent } from './announcements';

function said(...steps: [job: Job, now: number][]): string[] {
  let announcer = silent;
  const texts: string[] = [];
  for (const [job, now] of steps) {
    const next = announce(announcer, [job], now);
    if (next !== announcer) texts.push(next.text);
    announcer = next;
  }
  return texts;
}

const running = (percent: number): Job => aJob({ state: 'processing', position: null, progress: { percent } });

test('A place is said when it is new, then at most once in a while', () => {
  const texts = said(
    [aJob({ position: 9 }), 0],
    [aJob({ position: 8 }), 1000],
    [aJob({ position: 7 }), quietMs - 1],
    [aJob({ position: 6 }), quietMs],
  );
  expect(texts).toEqual(['a.bib: Position #9 (8 jobs ahead).', 'a.bib: Position #6 (5 jobs ahead).']);
});

test('Progress is said by quarters', () => {
  const steps = Array.from({ length: 101 }, (_, percent): [Job, number] => [running(percent), percent]);
  expect(said(...steps)).toEqual([0, 25, 50, 75, 100].map((percent) => `a.bib: ${percent} percent.`));
});

test('A change of state is said at once', () => {
  const texts = said([aJob(), 0], [running(0), 1], [aJob({ state: 'failed', error: 'No source answers.' }), 2]);
  expect(texts).toEqual(['a.bib: Next up.', 'a.bib: 0 percent.', 'a.bib failed. No source answers.']);
});

test('The history is not read out', () => {
  expect(said([aJob({ state: 'completed' }), 0])).toEqual([]);
});
