/* What operators are told, as the page uses it. Spans are in seconds, times are Dates. */

export interface Durations {
  readonly count: number;
  readonly mean: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
}

export interface Figures {
  readonly accepted: number;
  readonly started: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly retried: number;
  readonly wait: Durations;
  readonly service: Durations;
}

export interface KindFigures {
  readonly kind: string;
  readonly figures: Figures;
}

export type Unit = 'hour' | 'day';

export interface Period extends KindFigures {
  readonly start: Date;
}

export interface Statistics {
  readonly from: Date;
  readonly to: Date;
  readonly by: Unit;
  readonly total: Figures;
  readonly kinds: readonly KindFigures[];
  readonly periods: readonly Period[];
  /** Jobs of each hour of the week, in UTC, Monday's first. */
  readonly weekHours: readonly number[];
}

export interface QueueCounts {
  readonly slots: number;
  readonly running: number;
  readonly waiting: number;
  readonly held: number;
  readonly delayed: number;
  /** At workers elsewhere; they take none of the slots. */
  readonly runningElsewhere: number;
  readonly completedLastHour: number;
  readonly paused: boolean;
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  readonly memoryAvailableGb: number;
}

export interface KindLoad {
  readonly kind: string;
  readonly unfinished: number;
  readonly running: number;
  readonly total: Figures;
}

export interface RunningJob {
  readonly id: string;
  readonly kind: string;
  readonly user: string;
  readonly account: string | null;
  readonly attempt: number;
  readonly elapsed: number;
  readonly deadline: Date | null;
  readonly percent: number;
  readonly step: string;
}

export interface StoreState {
  readonly answers: boolean;
  readonly commits: number;
  readonly writes: number;
  readonly failedCommits: number;
  readonly waitingWrites: number;
  readonly commitTime: Durations;
  readonly databaseBytes: number;
  readonly logBytes: number;
}

export interface Overview {
  readonly at: Date;
  readonly queue: QueueCounts;
  readonly oldestWait: number | null;
  readonly kinds: readonly KindLoad[];
  readonly running: readonly RunningJob[];
  readonly store: StoreState;
  readonly diskFreeBytes: number;
  readonly diskSizeBytes: number;
  readonly liveConnections: number;
  readonly problems: readonly string[];
}

export type Target =
  | { readonly scope: 'queue' }
  | { readonly scope: 'kind'; readonly kind: string }
  | { readonly scope: 'user'; readonly user: string };

export interface Pause {
  readonly target: Target;
  readonly reason: string | null;
  readonly by: string;
  readonly at: Date;
}

export interface Steering {
  readonly pauses: readonly Pause[];
  readonly slots: number;
  readonly slotsSetBy: string | null;
  readonly slotsSetAt: Date | null;
}

export interface Failure {
  readonly kind: string;
  /** Null for the rare causes, which are counted together. */
  readonly cause: string | null;
  readonly failed: number;
  readonly retried: number;
  readonly lastAt: Date;
  readonly jobs: readonly string[];
}

export interface UserLoad {
  readonly user: string;
  readonly account: string | null;
  readonly accepted: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly processing: number;
}

export interface Hits {
  readonly count: number;
  readonly withinP90: number | null;
  readonly recentCount: number;
  readonly recentWithinP90: number | null;
  readonly recentMedianError: number | null;
}

export interface KindEstimates {
  readonly kind: string;
  readonly samples: number;
  readonly atSubmission: Hits;
  readonly whileWaiting: Hits;
}

export interface Estimates {
  readonly kinds: readonly KindEstimates[];
  readonly p90Meant: number;
}

export interface Setting {
  readonly key: string;
  readonly value: string;
  readonly source: string;
  /** Whether a change holds at once; else it holds from the next start. */
  readonly reloads: boolean;
}

export interface Reload {
  readonly changed: readonly Setting[];
  readonly atRestart: readonly Setting[];
}

export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly role: string;
  readonly action: string;
  readonly target: string;
  /** The HTTP status; 0 while it is under way, or where the server died meanwhile. */
  readonly outcome: number;
  readonly note: string | null;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly next: string | null;
}

export type JobState = 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled';

/** A job as operators see it: nothing of what its user put into it. */
export interface CaredJob {
  readonly id: string;
  readonly kind: string;
  readonly user: string;
  readonly account: string | null;
  readonly state: JobState;
  readonly isHeld: boolean;
  readonly attempt: number;
  readonly failures: number;
  readonly crashes: number;
  readonly acceptedAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly notBefore: Date | null;
  readonly setAsideAt: Date | null;
  readonly fileSize: number;
  readonly priority: number;
  readonly percent: number;
  readonly step: string;
  readonly cause: string | null;
}

export interface JobListing {
  readonly jobs: readonly CaredJob[];
  readonly next: string | null;
}

export interface JobEvidence {
  readonly job: CaredJob;
  readonly history: readonly { readonly at: Date; readonly type: string; readonly attempt: number; readonly cause: string | null }[];
  /** Null for operators that are no administrators. */
  readonly error: string | null;
  readonly lastLines: readonly string[];
}

export interface Sweep {
  readonly at: Date;
  readonly duration: number;
  readonly isDryRun: boolean;
  readonly isPeriodic: boolean;
  readonly failed: number;
  readonly letIn: number;
  readonly deleted: number;
  readonly fault: string | null;
}

/** What a sweep did, or, tried out, would have done. */
export interface SweepReport {
  readonly total: number;
  readonly active: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly touchedCount: number;
  /** The first of them. */
  readonly touched: readonly { readonly job: string; readonly action: string; readonly reason: string }[];
}

/** A program that works elsewhere for this server. */
export interface Worker {
  readonly name: string;
  readonly account: string;
  /** What it last asked for; empty where it has not asked since the server's start. */
  readonly kinds: readonly string[];
  readonly running: number;
  /** The first of them. */
  readonly jobs: readonly string[];
  readonly offered: number;
  readonly heardAt: Date | null;
}

export interface Workers {
  readonly workers: readonly Worker[];
  readonly count: number;
}

export interface Operator {
  readonly name: string;
  readonly role: string;
  readonly isOperator: boolean;
  readonly isAdministrator: boolean;
  /** Where a browser signs in with the authority, where the server has one. */
  readonly signInPath: string | null;
}
