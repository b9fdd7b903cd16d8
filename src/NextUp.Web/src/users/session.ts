/* One person's time on the page: who they are, their feed, and what they ask for. */
import { logPageSize, type AgainWish, type Api, type SubmissionResult, type WhenBusy } from '../api';
import { emptyBook, hasLogGap, isEnded, logReadUpTo, readNews, unconfirmedJobs, type JobNews } from '../jobs/jobBook';
import { LiveFeed, type FeedListener } from '../live/LiveFeed';
import { Problem, problemWords, Unreachable } from '../problem';
import { Store } from '../store';
import { changeDraft, emptyDraft, fitFiles, optionsOf, orderOf, sentWhenBusy } from '../upload/submission';
import type { PreviewState } from '../upload/submission';
import type { EntryChanges, Finding, Job, JobId, Kind, Me } from '../model';

const kind = 'bibtex';
const rereadJobsMax = 50;
const logPagesMax = 20;
/** The server makes a visitor of whom it does not know; one that refuses instead is asked again, but not often. */
const rejectedRetryMs = 30_000;

export class Session {
  readonly book = new Store(readNews, emptyBook);
  readonly draft = new Store(changeDraft, emptyDraft);
  /** What may be asked for with a submission; null until the server has said. */
  readonly kind = new Store<Kind | null, Kind>((_, next) => next, null);
  /** What did not come along at the sign-in that was made here, a sentence each. */
  readonly leftBehind = new Store<readonly string[], readonly string[]>((_, next) => next, []);
  /** The name of the account whose sign-in ended by itself while the page was open; null where none did. */
  readonly expired = new Store<string | null, string | null>((_, next) => next, null);
  private feed: LiveFeed | null = null;
  private feedEnd = new AbortController();
  private readonly logsBeingRead = new Set<JobId>();
  private unsent: { files: readonly File[]; key: string } | null = null;
  private previews: Promise<void> = Promise.resolve();

  constructor(readonly api: Api) {}

  /** Other windows of this browser, which share its cookie. */
  private readonly windows = 'BroadcastChannel' in globalThis ? new BroadcastChannel('nextup-session') : null;

  start(): void {
    if (this.windows !== null) this.windows.onmessage = () => this.restart();
    this.open();
  }

  private open(): void {
    this.feedEnd = new AbortController();
    this.feed = new LiveFeed(this.api, this.listener(this.feedEnd.signal));
    // The first call of a visitor is the one that gets the cookie; all others wait for its answer, the snapshot.
    void this.feed.run(this.feedEnd.signal);
  }

  /** The network is back or someone is impatient: try now, not when the delay has passed. */
  wake(): void {
    this.feed?.wake();
  }

  /** Signs in with a token; what this visitor handed in comes along. */
  async signIn(token: string): Promise<void> {
    const leftBehind = await this.api.openSession(token);
    this.becomeAnother();
    this.leftBehind.dispatch(leftBehind);
  }

  async signOut(): Promise<void> {
    await this.api.closeSession();
    this.leftBehind.dispatch([]);
    this.becomeAnother();
  }

  choose(files: readonly File[]): void {
    const first = this.draft.state.nextKey;
    this.draft.dispatch({ type: 'chosen', files });
    const added = this.draft.state.files.filter((one) => one.key >= first);
    // One after the other: a hundred files at once would only stand in each other's way.
    for (const one of added) this.previews = this.previews.then(() => this.preview(one.key));
  }

  /** Sends what is chosen. A refused file can be sent again with another wish. */
  async submit(files: readonly File[] = fitFiles(this.draft.state), wish?: WhenBusy): Promise<void> {
    if (files.length === 0 || this.draft.state.sending) return;
    const draft = this.draft.state;
    const whenBusy = sentWhenBusy(draft, this.kind.state, wish);
    const isRepeat = wish === undefined && this.unsent !== null && sameFiles(this.unsent.files, files);
    // After a lost answer the same key is sent again, so that the same click never makes two jobs.
    const idempotencyKey = isRepeat && this.unsent !== null ? this.unsent.key : newKey();
    this.unsent = { files, key: idempotencyKey };
    this.draft.dispatch({ type: 'sending' });
    try {
      const wishes = { whenBusy, options: optionsOf(draft), ...orderOf(draft) };
      const results = await this.api.submit({ kind, ...wishes, files, idempotencyKey });
      this.unsent = null;
      for (const result of results) if (result.job !== null) this.learn(result.job);
      this.draft.dispatch({ type: 'answered', sent: files, results });
    } catch (error) {
      this.draft.dispatch({ type: 'trouble', text: problemWords(error) });
    }
  }

  /** Hands files of another kind in, one outcome a file. The jobs are known here before the feed tells of them. */
  async handIn(
    kind: string,
    files: readonly File[],
    options: Readonly<Record<string, unknown>> = {},
  ): Promise<SubmissionResult[]> {
    const plain = { whenBusy: null, options, priority: 0, notBefore: null };
    const results = await this.api.submit({ kind, ...plain, files, idempotencyKey: newKey() });
    for (const result of results) if (result.job !== null) this.learn(result.job);
    return results;
  }

  /** What an answer to a call of ours says of a job, known here before the feed tells of it. */
  learn(job: Job): void {
    this.tell({ type: 'job-read', job, now: Date.now() });
  }

  async cancel(id: JobId): Promise<void> {
    try {
      this.learn(await this.api.cancel(id));
    } catch (error) {
      // It ended in the moment before: show how.
      if (!(error instanceof Problem) || error.status !== 409) throw error;
      await this.read(id);
    }
  }

  /** The same job once more. */
  async retry(id: JobId): Promise<void> {
    await this.api.retry(id);
    // The feed tells that the job is done once more; an answer alone does not bring an ended job back.
  }

  /** A new job over an earlier one. */
  async again(id: JobId, wish: AgainWish): Promise<Job> {
    const job = await this.api.again(id, wish, newKey());
    this.learn(job);
    return job;
  }

  async read(id: JobId): Promise<void> {
    this.learn(await this.api.job(id));
  }

  report(id: JobId): Promise<Finding[]> {
    return this.api.report(id);
  }

  diff(id: JobId): Promise<EntryChanges[]> {
    return this.api.diff(id);
  }

  async moreHistory(): Promise<void> {
    const { next } = this.book.state;
    if (next === null) return;
    try {
      const page = await this.api.jobs(next ?? null);
      this.book.dispatch({ type: 'history-read', jobs: page.jobs, next: page.next, now: Date.now() });
    } catch (error) {
      this.tell({ type: 'history-failed', trouble: problemWords(error) });
    }
  }

  /** Reads the lines that the feed did not bring: those from before the page was opened, or while it was away. */
  async readLog(id: JobId): Promise<void> {
    if (this.logsBeingRead.has(id)) return;
    this.logsBeingRead.add(id);
    try {
      for (let page = 0; page < logPagesMax; page++) {
        const lines = await this.api.log(id, logReadUpTo(this.book.state.logs.get(id) ?? []));
        this.book.dispatch({ type: 'log-read', id, lines });
        if (lines.length < logPageSize) return;
      }
    } catch (error) {
      // Lines that are missing are asked for again with the next snapshot, and the feed says that the server is away.
      if (!(error instanceof Unreachable || error instanceof Problem)) throw error;
    } finally {
      this.logsBeingRead.delete(id);
    }
  }

  private async preview(key: number): Promise<void> {
    const chosen = this.draft.state.files.find((one) => one.key === key);
    if (chosen === undefined) return;
    this.draft.dispatch({ type: 'previewed', key, preview: await this.readPreview(chosen.file) });
  }

  private async readPreview(file: File): Promise<PreviewState> {
    try {
      const preview = await this.api.preview(kind, file);
      if (preview.totalEntries === 0) return { state: 'unfit', reason: 'It holds no BibTeX entry.' };
      return { state: 'ready', preview };
    } catch (error) {
      const isUnfit = error instanceof Problem && (error.status === 422 || error.status === 413);
      return { state: isUnfit ? 'unfit' : 'unknown', reason: problemWords(error) };
    }
  }

  /** Without an answer the page offers what every server takes, and the server's word counts anyway. */
  private async readKind(): Promise<void> {
    try {
      const offered = (await this.api.kinds()).find((one) => one.name === kind);
      if (offered !== undefined) this.kind.dispatch(offered);
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Problem)) throw error;
    }
  }

  private restart(): void {
    this.feedEnd.abort();
    this.book.dispatch({ type: 'other-user' });
    this.open();
  }

  /** Signed in or out: what this and the other windows show is somebody else's from now on. */
  private becomeAnother(): void {
    this.expired.dispatch(null);
    this.windows?.postMessage('changed');
    this.restart();
  }

  /** A sign-in that ends by itself must not look as if all jobs were gone. */
  private noteEnd(before: Me | null, now: Me): void {
    if (now.kind === 'account') this.expired.dispatch(null);
    else if (before?.kind === 'account') this.expired.dispatch(before.name);
  }

  private tell(news: JobNews): void {
    this.book.dispatch(news);
  }

  private listener(signal: AbortSignal): FeedListener {
    const tell = (news: JobNews): void => {
      if (!signal.aborted) this.tell(news);
    };
    return {
      snapshot: (snapshot) => {
        if (signal.aborted) return;
        this.noteEnd(this.book.state.me, snapshot.me);
        const missing = unconfirmedJobs(this.book.state, snapshot.me).slice(0, rereadJobsMax);
        tell({ type: 'snapshot', snapshot, now: Date.now() });
        void this.readKind();
        for (const id of missing) void this.read(id).catch(() => this.wake());
        if (this.book.state.next === undefined) void this.moreHistory();
        for (const id of this.book.state.logs.keys()) if (this.isRunning(id)) void this.readLog(id);
      },
      jobEvent: (event) => {
        tell({ type: 'job-event', event, now: Date.now() });
        if (isEnded(event.job) && this.book.state.logs.has(event.job.id)) void this.readLog(event.job.id);
      },
      progress: (job, lines) => {
        tell({ type: 'progress', job, lines, now: Date.now() });
        if (hasLogGap(this.book.state.logs.get(job.id) ?? [])) void this.readLog(job.id);
      },
      positions: (places) => tell({ type: 'positions', places, now: Date.now() }),
      queue: (queue) => tell({ type: 'queue', queue }),
      connection: (connection) => tell({ type: 'connection', connection }),
      rejected: () => {
        tell({ type: 'connection', connection: { state: 'lost', retryAt: Date.now() + rejectedRetryMs } });
        setTimeout(() => {
          if (!signal.aborted) this.restart();
        }, rejectedRetryMs);
      },
    };
  }

  private isRunning(id: JobId): boolean {
    return this.book.state.jobs.get(id)?.job.state === 'processing';
  }
}

function sameFiles(left: readonly File[], right: readonly File[]): boolean {
  return left.length === right.length && left.every((file, index) => file === right[index]);
}

/** A random name; crypto.randomUUID is missing where the page is served over plain HTTP from another machine. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
