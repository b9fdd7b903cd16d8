/* What an operator can order, and what it says before it is done: exactly what will happen. */
import type { OperationsApi } from './operationsApi';
import type { KindLoad, Overview, Pause, Target } from './model';
import { countWords, plural } from './words';

export interface Order {
  readonly title: string;
  /** What will happen, a sentence each. */
  readonly effects: readonly string[];
  readonly confirm: string;
  readonly isHarsh: boolean;
  /** Gives a sentence about what was done. */
  readonly act: () => Promise<string>;
}

export const reasonLengthMax = 500;
export const slotsMax = 10_000;

export function targetWords(target: Target): string {
  if (target.scope === 'queue') return 'the whole queue';
  return target.scope === 'kind' ? `the kind ${target.kind}` : `the user ${target.user}`;
}

export function pauseOrder(api: OperationsApi, target: Target, reason: string, overview: Overview | null): Order {
  const what = targetWords(target);
  return {
    title: `Pause ${what}?`,
    effects: [
      startsNothing(target),
      ...touched(target, overview),
      reason === '' ? 'Those who wait are told no reason.' : `Those who wait are told: “${reason}”`,
      'It holds until someone resumes it, also over a restart of the server.',
    ],
    confirm: `Pause ${target.scope === 'queue' ? 'the queue' : what}`,
    isHarsh: true,
    act: async () => {
      await api.pause(target, reason);
      return `Paused: ${what}.`;
    },
  };
}

function startsNothing(target: Target): string {
  if (target.scope === 'queue') return 'No job starts any more. Uploads are still taken and wait.';
  return target.scope === 'kind'
    ? `No job of the kind ${target.kind} starts any more. They keep their places, and others pass them.`
    : `No job of ${target.user} starts any more. Others pass them.`;
}

function touched(target: Target, overview: Overview | null): string[] {
  if (overview === null || target.scope === 'user') return ['What runs goes on.'];
  const { running, waiting } = counts(target, overview);
  return [`${plural(running, 'job')} that ${running === 1 ? 'runs goes' : 'run go'} on; ${countWords(waiting)} will wait.`];
}

function counts(target: Target, { queue, kinds }: Overview): { running: number; waiting: number } {
  if (target.scope !== 'kind') return { running: queue.running, waiting: queue.waiting };
  const load = kinds.find((one) => one.kind === target.kind);
  return { running: load?.running ?? 0, waiting: notRunning(load) };
}

/** In the line, held, or waiting for a time. */
export function notRunning(load: KindLoad | undefined): number {
  return load === undefined ? 0 : Math.max(0, load.unfinished - load.running);
}

export async function resume(api: OperationsApi, { target }: Pause): Promise<string> {
  await api.resume(target);
  return `Resumed: ${targetWords(target)}.`;
}

export function slotsOrder(api: OperationsApi, slots: number | null, overview: Overview | null): Order {
  const told = 'It holds until someone changes it, also over a restart of the server.';
  const act = async (): Promise<string> => {
    const now = await api.setSlots(slots);
    return `Up to ${plural(now.slots, 'job')} may run at once now.`;
  };
  if (slots === null) {
    const effects = ['What the settings and the load of the machine say holds again, at once.', 'What runs goes on.'];
    return { title: 'Back to the settings?', effects, confirm: 'Go back to the settings', isHarsh: false, act };
  }

  return {
    title: `Let up to ${plural(slots, 'job')} run at once?`,
    effects: [slotsEffect(slots, overview), 'The settings and the load of the machine no longer say how many.', told],
    confirm: `Set ${plural(slots, 'slot')}`,
    isHarsh: overview !== null && slots < overview.queue.slots,
    act,
  };
}

function slotsEffect(slots: number, overview: Overview | null): string {
  if (overview === null) return 'What runs goes on.';
  const { running, waiting, slots: before } = overview.queue;
  if (slots < running) return `${plural(running, 'job')} run and go on; nothing starts until fewer than ${countWords(slots)} do.`;
  const starting = Math.min(slots - running, waiting);
  const more = overview.queue.paused || starting === 0 ? 'None starts by it now.' : `Up to ${countWords(starting)} more can start at once.`;
  return `It was ${countWords(before)}; ${countWords(running)} run. ${more}`;
}

/** What was typed as a number of slots; a sentence where it is none. */
export function readSlots(text: string): number | string {
  const slots = Number(text);
  const isNumber = /^\d+$/.test(text.trim()) && slots >= 1 && slots <= slotsMax;
  return isNumber ? slots : `Slots are a whole number from 1 to ${countWords(slotsMax)}. To start nothing, pause the queue.`;
}

/** What is to be paused, of what was typed; a sentence where something is missing. */
export function readTarget(scope: Target['scope'], name: string): Target | string {
  const trimmed = name.trim();
  if (scope === 'queue') return { scope };
  if (trimmed === '') return scope === 'kind' ? 'Say which kind.' : "Say which user: an account's name.";
  return scope === 'kind' ? { scope, kind: trimmed } : { scope, user: trimmed };
}
