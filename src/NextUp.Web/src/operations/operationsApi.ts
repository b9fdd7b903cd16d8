import { Problem, Unreachable } from '../problem';
import type * as model from './model';
import * as wire from './wire';

/** A span and unit of the past; without a kind it is about all of them. */
export interface Past {
  readonly from: Date;
  readonly by: model.Unit;
  readonly kind: string | null;
}

export type JobChoice = 'set-aside' | 'all' | model.JobState;

/** What operators do to a job. */
export type JobCare = 'retry' | 'cancel' | 'set-aside' | 'discard';

const jobsPageSize = 50;

/** The settings were read again and cannot be used. */
export class SettingsRefused extends Problem {
  constructor(
    status: number,
    detail: string | null,
    readonly faults: readonly string[],
  ) {
    super(status, 'settings-refused', 'The settings cannot be used', detail);
  }
}

/** The calls of the API that operators make. */
export class OperationsApi {
  constructor(
    private readonly token: () => string | null,
    /** Called when an answer says that the caller is no operator (any more). */
    private readonly refused: (problem: Problem) => void,
    private readonly send: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  /** Who the token or the session of this browser speaks for. */
  async me(): Promise<model.Operator> {
    const response = await this.request('/api/v1/me');
    if (!response.ok) throw await Problem.of(response);
    return wire.readOperator(await response.json());
  }

  /** Ends the session of this browser. */
  async endSession(): Promise<void> {
    const response = await this.request('/api/v1/me/session', { method: 'DELETE' });
    if (!response.ok) throw await Problem.of(response);
  }

  async overview(): Promise<model.Overview> {
    return wire.readOverview(await this.ask('overview'));
  }

  async steering(): Promise<model.Steering> {
    return wire.readSteering(await this.ask('steering'));
  }

  async pause(target: model.Target, reason: string): Promise<model.Steering> {
    return wire.readSteering(await this.ask('pause', { ...target, reason: reason === '' ? null : reason }));
  }

  async resume(target: model.Target): Promise<model.Steering> {
    return wire.readSteering(await this.ask('resume', target));
  }

  /** Null goes back to the settings. */
  async setSlots(slots: number | null): Promise<model.Steering> {
    return wire.readSteering(await this.ask('slots', { slots }));
  }

  async statistics(past: Past): Promise<model.Statistics> {
    const query = new URLSearchParams({ from: past.from.toISOString(), by: past.by });
    if (past.kind !== null) query.set('kind', past.kind);
    return wire.readStatistics(await this.ask(`statistics?${query}`));
  }

  async failures(from: Date): Promise<model.Failure[]> {
    return wire.readFailures(await this.ask(`failures?${new URLSearchParams({ from: from.toISOString() })}`));
  }

  async users(from: Date): Promise<model.UserLoad[]> {
    return wire.readUserLoads(await this.ask(`users?${new URLSearchParams({ from: from.toISOString() })}`));
  }

  async estimates(): Promise<model.Estimates> {
    return wire.readEstimates(await this.ask('estimates'));
  }

  async settings(): Promise<model.Setting[]> {
    return wire.readSettings(await this.ask('config'));
  }

  async reload(): Promise<model.Reload> {
    return wire.readReload(await this.ask('config/reload', {}));
  }

  async audit(after: string | null): Promise<model.AuditPage> {
    return wire.readAudit(await this.ask(after === null ? 'audit' : `audit?${new URLSearchParams({ after })}`));
  }

  async workers(): Promise<model.Workers> {
    return wire.readWorkers(await this.ask('workers'));
  }

  /** A sweep now; tried out, nothing is changed. */
  async sweep(isDryRun: boolean): Promise<model.SweepReport> {
    return wire.readSweepReport(await this.askAt(`/api/v1/cleanup?dryRun=${isDryRun}`, {}));
  }

  async jobs(choice: JobChoice, after: string | null): Promise<model.JobListing> {
    const query = new URLSearchParams({ limit: String(jobsPageSize) });
    if (choice === 'set-aside') query.set('setAside', 'true');
    else if (choice !== 'all') query.set('state', choice);
    if (after !== null) query.set('after', after);
    return wire.readJobListing(await this.ask(`jobs?${query}`));
  }

  async job(id: string): Promise<model.JobEvidence> {
    return wire.readEvidence(await this.ask(`jobs/${encodeURIComponent(id)}`));
  }

  async care(id: string, care: JobCare): Promise<model.CaredJob> {
    return wire.readCaredJob(await this.ask(`jobs/${encodeURIComponent(id)}/${care}`, {}));
  }

  async sweeps(): Promise<model.Sweep[]> {
    return wire.readSweeps(await this.ask('sweeps'));
  }

  /** With a body it is a POST. */
  private ask(path: string, body?: unknown): Promise<unknown> {
    return this.askAt(`/api/v1/operations/${path}`, body);
  }

  private async askAt(path: string, body?: unknown): Promise<unknown> {
    const init: RequestInit =
      body === undefined
        ? {}
        : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const response = await this.request(path, init);
    if (response.ok) return response.json();

    const problem = await problemOf(response);
    if (problem.status === 401 || problem.status === 403) this.refused(problem);
    throw problem;
  }

  private async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const token = this.token();
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    try {
      return await this.send(path, { ...init, headers, cache: 'no-store' });
    } catch {
      throw new Unreachable();
    }
  }
}

async function problemOf(response: Response): Promise<Problem> {
  if (response.status !== 422) return Problem.of(response);
  const body = await response
    .clone()
    .json()
    .catch(() => ({}));
  const problem = await Problem.of(response);
  const faults = wire.readFaults(body);
  return faults.length === 0 ? problem : new SettingsRefused(problem.status, problem.detail, faults);
}
