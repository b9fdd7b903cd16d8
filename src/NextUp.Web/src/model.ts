/** What the page talks about. The server's JSON becomes these in wire.ts, and nowhere else. */

export type JobId = string & { readonly brand: 'job-id' };

export const jobStates = ['pending', 'processing', 'completed', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** Seconds from the answer to the start of the job: half of the jobs start by `p50`, nine in ten by `p90`. */
export interface Estimate {
  readonly p50Seconds: number;
  readonly p90Seconds: number;
}

/** What keeps a waiting job from starting for now; its place is kept. */
export interface Wait {
  readonly cause: 'paused' | 'window';
  /** For people: the operator's reason, or "starts from 22:00 Europe/Vienna". */
  readonly text: string;
  readonly until: Date | null;
}

/** Where a job stands in the line, and why there. */
export interface Standing {
  readonly position: number | null;
  readonly jobsAhead: number | null;
  readonly estimate: Estimate | null;
  /** Why there is no estimate: "learning", or "paused", where `wait` says more. */
  readonly estimateUnknown: string | null;
  readonly wait: Wait | null;
  /** Who came in before it out of turn, for people: "2 urgent or small jobs came in before you". */
  readonly overtaken: string | null;
}

export interface Progress {
  readonly percent: number;
  readonly done: number;
  readonly total: number | null;
  readonly failed: number;
  readonly step: string;
}

export interface Summary {
  readonly totalEntries: number;
  readonly enrichedEntries: number;
  readonly fieldsAdded: number;
  readonly notFound: number;
  readonly ambiguous: number;
  readonly byField: ReadonlyMap<string, number>;
}

export interface Job extends Standing {
  readonly id: JobId;
  readonly kind: string;
  readonly state: JobState;
  readonly isHeld: boolean;
  readonly waitsFor: string | null;
  readonly waitsForJob: JobId | null;
  readonly fileName: string;
  readonly fileSize: number;
  /** The level that was asked for; 0 is none. */
  readonly priority: number;
  /** It joins the line then, as its submitter asked. */
  readonly notBefore: Date | null;
  readonly progress: Progress;
  readonly attempt: number;
  readonly attemptsMax: number;
  readonly acceptedAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly nextAttemptAt: Date | null;
  readonly error: string | null;
  readonly summary: Summary | null;
  readonly canCancel: boolean;
  readonly links: JobLinks;
}

export interface JobLinks {
  readonly result: string | null;
  readonly report: string | null;
  readonly diff: string | null;
  readonly original: string;
}

export interface LogLine {
  readonly number: number;
  readonly at: Date;
  readonly text: string;
}

export interface Queue {
  readonly slots: number;
  readonly running: number;
  readonly waiting: number;
  /** At workers elsewhere; they take none of the slots. */
  readonly runningElsewhere: number;
  readonly held: number;
  readonly completedLastHour: number;
  readonly paused: boolean;
  readonly pausedReason: string | null;
  readonly machine: Machine | null;
}

export interface Machine {
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  readonly memoryAvailableGb: number;
}

export const roles = ['worker', 'user', 'operator', 'administrator'] as const;
export type Role = (typeof roles)[number];

export interface Me {
  readonly kind: 'visitor' | 'account';
  readonly name: string | null;
  readonly role: Role;
  /** Where a browser goes to sign in with the authority; null where there is none. */
  readonly signInPath: string | null;
  readonly active: readonly Job[];
  readonly lastEvent: number;
}

export interface Place extends Standing {
  readonly id: JobId;
}

/** What a submission of a kind may ask for. */
export interface Kind {
  readonly name: string;
  readonly whenBusy: 'refuse' | 'hold';
  readonly mayChooseWhenBusy: boolean;
  /** Null is no limit: nobody is ever busy. */
  readonly activePerUserMax: number | null;
  readonly priorityMax: number;
}

export interface Preview {
  readonly totalEntries: number;
  readonly entries: readonly PreviewEntry[];
  readonly missing: ReadonlyMap<string, number>;
  readonly problems: readonly PreviewProblem[];
  readonly truncated: boolean;
}

export interface PreviewEntry {
  readonly key: string;
  readonly type: string;
  readonly title: string | null;
  readonly author: string | null;
  readonly year: string | null;
  readonly line: number;
  readonly missing: readonly string[];
}

export interface PreviewProblem {
  readonly line: number;
  readonly message: string;
}

export interface Candidate {
  readonly doi: string;
  readonly title: string;
  readonly year: string | null;
  readonly container: string | null;
  readonly authors: string | null;
}

export interface Finding {
  readonly key: string;
  readonly type: string;
  readonly title: string | null;
  readonly line: number;
  readonly outcome: string;
  readonly foundBy: string | null;
  readonly provider: string | null;
  readonly confidence: number | null;
  /** Why the work was not found, in a clause. */
  readonly reason: string | null;
  readonly candidates: readonly Candidate[];
  readonly added: readonly AddedField[];
  readonly warnings: readonly string[];
  readonly notCheckedBy: readonly string[];
}

export interface AddedField {
  readonly field: string;
  readonly value: string;
  readonly source: string | null;
}

export interface EntryChanges {
  readonly key: string;
  readonly type: string;
  readonly title: string | null;
  readonly line: number;
  readonly changes: readonly FieldChange[];
}

export interface FieldChange {
  readonly field: string;
  readonly kind: 'added' | 'changed';
  readonly before: string | null;
  readonly after: string;
}

export interface JobEvent {
  readonly number: number;
  readonly type: string;
  readonly job: Job;
}

export interface Snapshot {
  readonly me: Me;
  readonly queue: Queue;
  readonly lastEvent: number;
}
