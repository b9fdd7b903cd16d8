/* A sweep that an administrator asks for, and what it found, in words. */
import type { SweepReport } from './model';
import type { OperationsApi } from './operationsApi';
import type { Order } from './orders';
import { countWords, plural } from './words';

export function sweepOrder(api: OperationsApi): Order {
  return {
    title: 'Sweep now?',
    effects: [
      'Jobs whose time is over, or that the line passed over, fail, and their users are told.',
      'Held jobs beside a free place are let into the line.',
      'No old job is deleted. Waiting in a long line is never a fault.',
    ],
    confirm: 'Sweep now',
    isHarsh: false,
    act: async () => reportWords(await api.sweep(false), false),
  };
}

/** "2 of 40 jobs were stuck and are cleared." */
export function reportWords({ touchedCount, total }: SweepReport, isDryRun: boolean): string {
  const jobs = plural(total, 'job');
  if (touchedCount === 0) return `Nothing is stuck among ${jobs}.`;
  const touched = `${countWords(touchedCount)} of ${jobs}`;
  return isDryRun ? `A sweep would touch ${touched}. Nothing was changed.` : `The sweep touched ${touched}.`;
}

/** What the store holds, before a sweep. */
export function holdingWords({ active, completed, failed, cancelled }: SweepReport): string {
  const ended = `${countWords(completed)} completed, ${countWords(failed)} failed, ${countWords(cancelled)} cancelled`;
  return `${countWords(active)} active, ${ended}.`;
}

const actions: ReadonlyMap<string, string> = new Map([
  ['fail', 'would fail'],
  ['let-in', 'would be let into the line'],
  ['delete', 'would be deleted'],
]);

export function actionWords(action: string): string {
  return actions.get(action) ?? action;
}
