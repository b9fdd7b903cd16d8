/* A submission while it is made: the files chosen, what each of them lacks, the wishes, and the refusals. */
import type { SubmissionResult, WhenBusy } from '../api';
import type { Problem } from '../problem';
import type { Job, Kind, Preview } from '../model';

export const filesMax = 100;

export interface ChosenFile {
  readonly key: number;
  readonly file: File;
  readonly preview: PreviewState;
}

export type PreviewState =
  | { readonly state: 'reading' }
  | { readonly state: 'ready'; readonly preview: Preview }
  /** The file itself is at fault, and sending it would be refused in the same words. */
  | { readonly state: 'unfit'; readonly reason: string }
  /** The preview could not be had; the file may be sent all the same. */
  | { readonly state: 'unknown'; readonly reason: string };

export interface Refusal {
  readonly file: File;
  readonly problem: Problem;
}

/** What became of one file of several. */
export interface Outcome {
  readonly fileName: string;
  readonly job: Job | null;
  readonly problem: Problem | null;
}

export type Policy = 'missing-only' | 'refresh-metrics' | 'overwrite';

export interface Draft {
  readonly files: readonly ChosenFile[];
  readonly tooMany: number;
  readonly nextKey: number;
  /** Empty is all that the server can fill in. */
  readonly fields: ReadonlySet<string>;
  readonly policy: Policy;
  /** What the person chose; null leaves it to the number of files. */
  readonly whenBusy: WhenBusy | null;
  readonly priority: number;
  /** A local time as the browser's field writes it, 2026-03-01T22:00; empty is at once. */
  readonly notBefore: string;
  readonly sending: boolean;
  readonly refusals: readonly Refusal[];
  /** Of the last submission, where it had several files. */
  readonly outcomes: readonly Outcome[];
  readonly trouble: string | null;
}

export type DraftChange =
  | { readonly type: 'chosen'; readonly files: readonly File[] }
  | { readonly type: 'previewed'; readonly key: number; readonly preview: PreviewState }
  | { readonly type: 'removed'; readonly key: number }
  | { readonly type: 'field'; readonly field: string; readonly all: readonly string[] }
  | { readonly type: 'policy'; readonly policy: Policy }
  | { readonly type: 'when-busy'; readonly whenBusy: WhenBusy }
  | { readonly type: 'priority'; readonly priority: number }
  | { readonly type: 'not-before'; readonly notBefore: string }
  | { readonly type: 'sending' }
  | { readonly type: 'answered'; readonly sent: readonly File[]; readonly results: readonly SubmissionResult[] }
  | { readonly type: 'trouble'; readonly text: string }
  | { readonly type: 'refusals-dismissed' }
  | { readonly type: 'outcomes-dismissed' };

export const emptyDraft: Draft = {
  files: [],
  tooMany: 0,
  nextKey: 1,
  fields: new Set(),
  policy: 'missing-only',
  whenBusy: null,
  priority: 0,
  notBefore: '',
  sending: false,
  refusals: [],
  outcomes: [],
  trouble: null,
};

export function changeDraft(draft: Draft, change: DraftChange): Draft {
  switch (change.type) {
    case 'chosen':
      return choose(draft, change.files);
    case 'previewed': {
      const files = draft.files.map((one) => (one.key === change.key ? { ...one, preview: change.preview } : one));
      return { ...draft, files };
    }
    case 'removed':
      return { ...draft, tooMany: 0, files: draft.files.filter((one) => one.key !== change.key) };
    case 'field':
      return { ...draft, fields: toggled(draft.fields, change.field, change.all) };
    case 'policy':
      return { ...draft, policy: change.policy };
    case 'when-busy':
      return { ...draft, whenBusy: change.whenBusy };
    case 'priority':
      return { ...draft, priority: change.priority };
    case 'not-before':
      return { ...draft, notBefore: change.notBefore };
    case 'sending':
      return { ...draft, sending: true, refusals: [], outcomes: [], trouble: null };
    case 'answered':
      return answer(draft, change.sent, change.results);
    case 'trouble':
      return { ...draft, sending: false, trouble: change.text };
    case 'refusals-dismissed':
      return { ...draft, refusals: [] };
    case 'outcomes-dismissed':
      return { ...draft, outcomes: [] };
  }
}

function choose(draft: Draft, files: readonly File[]): Draft {
  const room = filesMax - draft.files.length;
  const taken = files.slice(0, room).map((file, index) => ({
    key: draft.nextKey + index,
    file,
    preview: { state: 'reading' } as const,
  }));
  return {
    ...draft,
    files: [...draft.files, ...taken],
    nextKey: draft.nextKey + taken.length,
    tooMany: files.length - taken.length,
    trouble: null,
  };
}

/** None marked means all: unmarking one of them marks the others, and marking the last one is all again. */
function toggled(fields: ReadonlySet<string>, field: string, all: readonly string[]): ReadonlySet<string> {
  const marked = new Set(fields.size === 0 ? all : fields);
  if (!marked.delete(field)) marked.add(field);
  return marked.size === all.length ? new Set() : marked;
}

function answer(draft: Draft, sent: readonly File[], results: readonly SubmissionResult[]): Draft {
  const refusals = sent.flatMap((file, index) => {
    const problem = results[index]?.problem ?? null;
    return problem === null ? [] : [{ file, problem }];
  });
  const files = draft.files.filter((one) => !sent.includes(one.file));
  const outcomes = results.length > 1 ? results : [];
  // Fields and policy are habits; a time and a priority are meant for these files.
  const order = refusals.length > 0 ? {} : { priority: 0, notBefore: '' };
  return { ...draft, ...order, files, sending: false, refusals, outcomes, trouble: null, tooMany: 0 };
}

/** The files that can be sent: all but those that are at fault themselves. */
export function fitFiles(draft: Draft): File[] {
  return draft.files.filter((one) => one.preview.state !== 'unfit').map((one) => one.file);
}

/** Several files at once can only mean one after the other, unless something else is said. */
export function wishWhenBusy(draft: Draft, kind: Kind | null): WhenBusy {
  return draft.whenBusy ?? (fitFiles(draft).length > 1 ? 'hold' : (kind?.whenBusy ?? 'refuse'));
}

/** Whether there is anything to choose for the case that another job is not finished. */
export function mayChooseWhenBusy(kind: Kind | null): boolean {
  return kind === null || (kind.mayChooseWhenBusy && kind.activePerUserMax !== null);
}

/** What is sent for that case; null leaves it to the kind, which may allow nothing else. */
export function sentWhenBusy(draft: Draft, kind: Kind | null, wish?: WhenBusy): WhenBusy | null {
  if (kind !== null && !kind.mayChooseWhenBusy) return null;
  return wish ?? wishWhenBusy(draft, kind);
}

/** When the job joins the line, and how far ahead. A time that has passed, or is none, is at once. */
export function orderOf(draft: Draft): { priority: number; notBefore: Date | null } {
  const at = draft.notBefore === '' ? null : new Date(draft.notBefore);
  return { priority: draft.priority, notBefore: at === null || Number.isNaN(at.getTime()) ? null : at };
}

/** The options as the kind of job reads them: what is left out is its own default. */
export function optionsOf(draft: Draft): Record<string, unknown> {
  const fields = draft.fields.size === 0 ? {} : { fields: [...draft.fields] };
  return { ...fields, policy: draft.policy };
}
