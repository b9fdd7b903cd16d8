import type { Job } from '../model';

export type PositionTone = 'green' | 'blue' | 'orange';

export interface PositionWords {
  readonly tone: PositionTone;
  readonly text: string;
  /** Said from position 4 on, where the number alone stops being obvious. */
  readonly ahead: string | null;
}

/** system.md A2: 1 is "Next up", 2 is "2nd in line", from 3 on "Position #N", above 3 with the jobs ahead. */
export function positionWords(position: number): PositionWords {
  if (position <= 1) return { tone: 'green', text: 'Next up', ahead: null };
  if (position === 2) return { tone: 'blue', text: '2nd in line', ahead: null };
  return {
    tone: 'orange',
    text: `Position #${position}`,
    ahead: position > 3 ? `(${position - 1} jobs ahead)` : null,
  };
}

/** What the browser's tab says of the one job that matters most; a finished one is not news for long. */
export function titleWords(jobs: readonly Job[]): string {
  const running = jobs.find((job) => job.state === 'processing');
  if (running !== undefined) return `${Math.floor(running.progress.percent)} % · NextUp`;

  const places = jobs.filter((job) => job.state === 'pending').map((job) => job.position ?? Infinity);
  const best = Math.min(...places);
  return Number.isFinite(best) ? `#${best} · NextUp` : 'NextUp';
}
