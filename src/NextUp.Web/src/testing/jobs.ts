/** Jobs for tests, as the server writes them and as the page reads them. */
import type { Job } from '../model';
import { readJob } from '../wire';

export function wireJob(members: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'job-1',
    kind: 'bibtex',
    state: 'pending',
    isHeld: false,
    waitsFor: null,
    fileName: 'a.bib',
    fileSize: 1200,
    position: 1,
    jobsAhead: 0,
    estimate: null,
    progress: { percent: 0, done: 0, total: 10, failed: 0, step: 'queued' },
    attempt: 0,
    attemptsMax: 3,
    acceptedAt: '2026-05-04T09:30:00Z',
    startedAt: null,
    endedAt: null,
    nextAttemptAt: null,
    error: null,
    summary: null,
    canCancel: true,
    links: {
      self: '/api/v1/jobs/job-1',
      original: '/api/v1/jobs/job-1/original',
      result: null,
      report: null,
      diff: null,
    },
    ...members,
  };
}

export function aJob(members: Record<string, unknown> = {}): Job {
  return readJob(wireJob(members));
}

export function wireQueue(members: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    slots: 2,
    running: 1,
    waiting: 3,
    held: 0,
    runningElsewhere: 0,
    completedLastHour: 12,
    paused: false,
    pausedReason: null,
    machine: { cpuPercent: 45.2, memoryPercent: 68.5, memoryAvailableGb: 8.42 },
    ...members,
  };
}

export function wireMe(active: readonly unknown[] = [], lastEvent = 0): Record<string, unknown> {
  return { user: { kind: 'visitor', name: null }, isAdministrator: false, active, lastEvent };
}

/** A small generator with a seed, so that a failing run can be run again (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
