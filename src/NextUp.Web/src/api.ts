import { Fields } from './json';
import { Problem, Unreachable } from './problem';
import * as wire from './wire';
import type { EntryChanges, Finding, Job, JobId, Kind, LogLine, Me, Preview, Queue } from './model';

export type WhenBusy = 'refuse' | 'hold' | 'replace';

export interface Submission {
  readonly kind: string;
  /** Null leaves it to the kind. */
  readonly whenBusy: WhenBusy | null;
  readonly options: Readonly<Record<string, unknown>>;
  /** 0 is none. */
  readonly priority: number;
  readonly notBefore: Date | null;
  readonly files: readonly File[];
  /** The same key sent again gives the same jobs, so that a lost answer can be asked for again. */
  readonly idempotencyKey: string;
}

export type SubmissionResult =
  | { readonly fileName: string; readonly job: Job; readonly problem: null }
  | { readonly fileName: string; readonly job: null; readonly problem: Problem };

/** What a new job over an earlier one's result is to do. Nothing said is: all of it again. */
export interface AgainWish {
  /** The work that an entry is, by the entry's key. */
  readonly accept?: Readonly<Record<string, string>>;
  /** Look up again whatever was not found, was ambiguous, or could not be asked for everywhere. */
  readonly failed?: boolean;
  readonly whenBusy?: WhenBusy;
}

export const historyPageSize = 20;
export const logPageSize = 1000;

/** The calls of the API that the page makes. */
export class Api {
  /** Who calls is in the cookie; a token, where there is one, speaks instead of it. */
  constructor(
    private readonly token: () => string | null = () => null,
    private readonly fetcher: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  async me(signal?: AbortSignal): Promise<Me> {
    return wire.readMe(await this.json('/api/v1/me', { signal: signal ?? null }));
  }

  async kinds(): Promise<Kind[]> {
    return wire.readKinds(await this.json('/api/v1/kinds'));
  }

  /** Signs this browser in; a visitor's jobs come along. Answers what did not, and why. */
  async openSession(token: string): Promise<string[]> {
    return wire.readLeftBehind(await this.send('POST', '/api/v1/me/session', { token }));
  }

  async closeSession(): Promise<void> {
    await this.send('DELETE', '/api/v1/me/session');
  }

  async queue(signal?: AbortSignal): Promise<Queue> {
    return wire.readQueue(await this.json('/api/v1/queue', { signal: signal ?? null }));
  }

  async job(id: JobId): Promise<Job> {
    return wire.readJob(await this.json(jobPath(id)));
  }

  async jobs(after: string | null): Promise<{ jobs: Job[]; next: string | null }> {
    const query = new URLSearchParams({ limit: String(historyPageSize) });
    if (after !== null) query.set('after', after);
    return wire.readJobs(await this.json(`/api/v1/jobs?${query}`));
  }

  async log(id: JobId, after: number): Promise<LogLine[]> {
    return wire.readLog(await this.json(`${jobPath(id)}/log?after=${after}&limit=${logPageSize}`));
  }

  async report(id: JobId): Promise<Finding[]> {
    return wire.readReport(await this.json(`${jobPath(id)}/report`));
  }

  async diff(id: JobId): Promise<EntryChanges[]> {
    return wire.readDiff(await this.json(`${jobPath(id)}/diff`));
  }

  async cancel(id: JobId): Promise<Job> {
    return wire.readJob(await this.json(`${jobPath(id)}/cancel`, { method: 'POST' }));
  }

  async retry(id: JobId): Promise<Job> {
    return wire.readJob(await this.json(`${jobPath(id)}/retry`, { method: 'POST' }));
  }

  async again(id: JobId, wish: AgainWish, idempotencyKey: string): Promise<Job> {
    return wire.readJob(await this.send('POST', `${jobPath(id)}/again`, wish, { 'Idempotency-Key': idempotencyKey }));
  }

  async preview(kind: string, file: File): Promise<Preview> {
    const form = new FormData();
    form.append('kind', kind);
    form.append('file', file, file.name);
    return wire.readPreview(await this.json('/api/v1/preview', { method: 'POST', body: form }));
  }

  /** One answer per file, in the order of the files. A problem of a single file is an answer, too. */
  async submit(submission: Submission): Promise<SubmissionResult[]> {
    const form = new FormData();
    // Fields go before the files that they concern: the server reads the body as it comes.
    form.append('kind', submission.kind);
    if (submission.whenBusy !== null) form.append('whenBusy', submission.whenBusy);
    form.append('options', JSON.stringify(submission.options));
    if (submission.priority > 0) form.append('priority', String(submission.priority));
    if (submission.notBefore !== null) form.append('notBefore', submission.notBefore.toISOString());
    for (const file of submission.files) form.append('file', file, file.name);
    const headers = { 'Idempotency-Key': submission.idempotencyKey };
    const response = await this.request('/api/v1/jobs', { method: 'POST', body: form, headers });

    const only = submission.files[0]?.name ?? '';
    if (!response.ok) return [{ fileName: only, job: null, problem: await Problem.of(response) }];
    const answer: unknown = await response.json();
    if (response.status !== 207) return [{ fileName: only, job: wire.readJob(answer), problem: null }];
    return Fields.of(answer, 'answer').list('results', readResult);
  }

  /** Opens the live feed, resuming after an event, and gives its body. */
  async openEvents(lastEvent: number | null, signal: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (lastEvent !== null) headers['Last-Event-ID'] = String(lastEvent);
    const response = await this.request('/api/v1/events', { headers, signal, cache: 'no-store' });
    if (!response.ok) throw await Problem.of(response);
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (!isStream || response.body === null) throw new Problem(406, 'no-stream', 'The live feed is no stream.', null);
    return response.body;
  }

  /** Sends JSON and reads the answer; null where there is none. */
  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<unknown> {
    const content =
      body === undefined
        ? { headers }
        : { body: JSON.stringify(body), headers: { ...headers, 'Content-Type': 'application/json' } };
    const response = await this.request(path, { method, ...content });
    if (!response.ok) throw await Problem.of(response);
    return response.status === 204 ? null : response.json();
  }

  async json(path: string, init: RequestInit = {}): Promise<unknown> {
    const response = await this.request(path, init);
    if (!response.ok) throw await Problem.of(response);
    return response.json();
  }

  private async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const token = this.token();
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    try {
      return await this.fetcher(path, { ...init, headers });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new Unreachable();
    }
  }
}

function jobPath(id: JobId): string {
  return `/api/v1/jobs/${encodeURIComponent(id)}`;
}

function readResult(value: unknown, where: string): SubmissionResult {
  const result = Fields.of(value, where);
  const fileName = result.text('file');
  const job = result.raw('job');
  if (job !== undefined && job !== null) return { fileName, job: wire.readJob(job, `${where}.job`), problem: null };
  return { fileName, job: null, problem: Problem.read(result.raw('problem'), result.numberOr('status', 500)) };
}
