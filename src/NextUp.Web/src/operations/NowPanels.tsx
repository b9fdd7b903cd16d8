import type { ComponentChildren } from 'preact';
import { careOrder } from './jobOrders';
import { JobLink, User } from './Names';
import { Panel, Table } from './Panel';
import type { Answer } from './poll';
import type { Order } from './orders';
import { notRunning, pauseOrder } from './orders';
import type { OperationsApi } from './operationsApi';
import type { KindLoad, Overview, Pause, RunningJob, Steering } from './model';
import { bytesWords, countWords, nothing, plural, shareWords, shortId, spanWords } from './words';

/** What is, now: asked together, so that it fits together. */
export interface Now {
  readonly overview: Overview;
  readonly steering: Steering;
}

const fullFrom = 90;

export function Figures({ now }: { now: Answer<Now> }) {
  const overview = now.value?.overview;
  return (
    <Panel id="now" title="Now" answer={now} class="wide">
      {overview === undefined ? null : (
        <>
          {overview.problems.map((problem) => (
            <p key={problem} class="notice bad">
              {problem}
            </p>
          ))}
          <dl class="tiles">
            <QueueTiles overview={overview} />
            <MachineTiles overview={overview} />
          </dl>
        </>
      )}
    </Panel>
  );
}

function QueueTiles({ overview: { queue, oldestWait } }: { overview: Overview }) {
  return (
    <>
      <Tile name="Running" value={`${countWords(queue.running)} of ${countWords(queue.slots)}`}>
        <meter min={0} max={queue.slots} value={Math.min(queue.running, queue.slots)} aria-label="Slots used" />
        {queue.runningElsewhere === 0 ? null : <div>and {countWords(queue.runningElsewhere)} at workers elsewhere</div>}
      </Tile>
      <Tile name="Waiting in line" value={countWords(queue.waiting)}>
        {oldestWait === null ? 'Nobody waits' : `The longest ${spanWords(oldestWait)}`}
      </Tile>
      <Tile name="Held in lanes" value={countWords(queue.held)}>
        Behind an own job
      </Tile>
      <Tile name="Delayed" value={countWords(queue.delayed)}>
        For a time or a retry
      </Tile>
      <Tile name="Completed" value={countWords(queue.completedLastHour)}>
        In the last hour
      </Tile>
    </>
  );
}

function MachineTiles({ overview }: { overview: Overview }) {
  const { queue, store } = overview;
  const diskUsed = 1 - overview.diskFreeBytes / Math.max(1, overview.diskSizeBytes);
  return (
    <>
      <Tile name="Processor" value={`${Math.round(queue.cpuPercent)} %`}>
        <meter min={0} max={100} high={fullFrom} value={queue.cpuPercent} aria-label="Processor used" />
      </Tile>
      <Tile name="Memory" value={`${Math.round(queue.memoryPercent)} %`}>
        {queue.memoryAvailableGb.toFixed(1)} GB available
      </Tile>
      <Tile name="Disk" value={shareWords(diskUsed)}>
        {bytesWords(overview.diskFreeBytes)} free
      </Tile>
      <Tile name="Commit, p99" value={spanWords(store.commitTime.p99)}>
        {store.answers ? `p50 ${spanWords(store.commitTime.p50)}` : <strong class="trouble">The store does not answer</strong>}
      </Tile>
      <Tile name="Live pages" value={countWords(overview.liveConnections)}>
        Open connections
      </Tile>
    </>
  );
}

function Tile({ name, value, children }: { name: string; value: string; children: ComponentChildren }) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd class="tile-value">{value}</dd>
      <dd class="tile-note">{children}</dd>
    </div>
  );
}

interface RunningProps {
  readonly overview: Overview | undefined;
  readonly api: OperationsApi;
  readonly give: (order: Order) => void;
  readonly show: (id: string) => void;
}

export function RunningJobs({ overview, api, give, show }: RunningProps) {
  const cancel = ({ id }: RunningJob): void => give(careOrder(api, { id, state: 'processing' }, 'cancel'));
  const jobs = overview?.running ?? [];
  const at = overview?.at ?? new Date();
  const hidden = (overview?.queue.running ?? 0) + (overview?.queue.runningElsewhere ?? 0) - jobs.length;
  return (
    <Panel id="running" title="Running jobs">
      <Table<RunningJob>
        label="Running jobs"
        rows={jobs}
        rowKey={(job) => job.id}
        empty="Nothing runs."
        columns={[
          { title: 'Job', isHead: true, cell: (job) => <JobLink id={job.id} show={show} /> },
          { title: 'Kind and user', cell: (job) => <Whose job={job} /> },
          { title: 'Progress', cell: (job) => <Progress job={job} /> },
          { title: 'For', isNumber: true, cell: (job) => spanWords(job.elapsed) },
          { title: 'Time left', isNumber: true, cell: (job) => timeLeft(job, at) },
          { title: 'Attempt', isNumber: true, cell: (job) => job.attempt },
          {
            title: 'Do',
            cell: (job) => (
              <button type="button" class="quiet small" aria-label={`Cancel job ${shortId(job.id)}`} onClick={() => cancel(job)}>
                Cancel
              </button>
            ),
          },
        ]}
      />
      {hidden > 0 ? <p class="hint">and {plural(hidden, 'more job')}, begun later</p> : null}
    </Panel>
  );
}

function Whose({ job }: { job: RunningJob }) {
  return (
    <>
      {job.kind}
      <span class="sub">
        <User account={job.account} mark={job.user} />
      </span>
    </>
  );
}

function Progress({ job }: { job: RunningJob }) {
  return (
    <>
      <span class="progress">
        <progress max={100} value={job.percent} aria-label={`Progress of ${shortId(job.id)}`} />
        {job.percent} %
      </span>
      <span class="sub step">{job.step}</span>
    </>
  );
}

function timeLeft(job: RunningJob, at: Date): string {
  if (job.deadline === null) return nothing;
  const seconds = (job.deadline.getTime() - at.getTime()) / 1000;
  return seconds > 0 ? spanWords(Math.round(seconds)) : 'over';
}

interface KindsProps {
  readonly now: Now | null;
  readonly api: OperationsApi;
  readonly give: (order: Order) => void;
}

export function Kinds({ now, api, give }: KindsProps) {
  const isPaused = (kind: string): boolean => now?.steering.pauses.some((pause) => pausesKind(pause, kind)) ?? false;
  const pause = (kind: string): void => give(pauseOrder(api, { scope: 'kind', kind }, '', now?.overview ?? null));
  return (
    <Panel id="kinds" title="By kind">
      <p class="hint">What runs and waits is of now; the rest is since the installation's beginning.</p>
      <Table<KindLoad>
        label="Load by kind"
        rows={now?.overview.kinds ?? []}
        rowKey={(load) => load.kind}
        empty="No job was ever submitted."
        columns={[
          { title: 'Kind', isHead: true, cell: (load) => load.kind },
          { title: 'Running', isNumber: true, cell: (load) => countWords(load.running) },
          { title: 'Waiting', isNumber: true, cell: (load) => countWords(notRunning(load)) },
          { title: 'Completed', isNumber: true, cell: (load) => countWords(load.total.completed) },
          { title: 'Failed', isNumber: true, cell: (load) => countWords(load.total.failed) },
          { title: 'Cancelled', isNumber: true, cell: (load) => countWords(load.total.cancelled) },
          { title: 'Retries', isNumber: true, cell: (load) => countWords(load.total.retried) },
          {
            title: 'Starting',
            cell: ({ kind }) =>
              isPaused(kind) ? (
                <span class="warning">paused</span>
              ) : (
                <button type="button" class="quiet small" aria-label={`Pause the kind ${kind}`} onClick={() => pause(kind)}>
                  Pause
                </button>
              ),
          },
        ]}
      />
    </Panel>
  );
}

function pausesKind({ target }: Pause, kind: string): boolean {
  return target.scope === 'kind' && target.kind === kind;
}

export function StorePanel({ overview }: { overview: Overview | undefined }) {
  if (overview === undefined) return null;
  const { store } = overview;
  const perCommit = store.commits === 0 ? nothing : (store.writes / store.commits).toFixed(1);
  return (
    <Panel id="store" title="The store">
      <dl class="pairs two">
        <Pair name="Answers">{store.answers ? 'yes' : <strong class="trouble">no</strong>}</Pair>
        <Pair name="Commit time, p50 / p90 / p99">
          {spanWords(store.commitTime.p50)} / {spanWords(store.commitTime.p90)} / {spanWords(store.commitTime.p99)}
        </Pair>
        <Pair name="Commits since the start">{countWords(store.commits)}</Pair>
        <Pair name="Writes in a commit">{perCommit}</Pair>
        <Pair name="Failed commits">
          {store.failedCommits === 0 ? '0' : <strong class="trouble">{countWords(store.failedCommits)}</strong>}
        </Pair>
        <Pair name="Writes that wait for the disk">{countWords(store.waitingWrites)}</Pair>
        <Pair name="Database / its log">
          {bytesWords(store.databaseBytes)} / {bytesWords(store.logBytes)}
        </Pair>
        <Pair name="Disk">
          {bytesWords(overview.diskFreeBytes)} free of {bytesWords(overview.diskSizeBytes)}
        </Pair>
      </dl>
    </Panel>
  );
}

function Pair({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
