import type { Queue } from '../model';

/** The whole system in counts: nobody's names, files or progress are in them. */
export function QueueBoard({ queue }: { queue: Queue | null }) {
  return (
    <section class="card board" aria-labelledby="board-title">
      <h2 id="board-title">Right now</h2>
      {queue === null ? <p class="muted">Asking the server</p> : <Counts queue={queue} />}
    </section>
  );
}

function Counts({ queue }: { queue: Queue }) {
  return (
    <>
      {queue.paused ? (
        <p class="notice">The line is paused. {queue.pausedReason ?? 'Waiting jobs keep their place.'}</p>
      ) : null}
      <dl class="counts">
        <Count name="running" value={queue.running} of={slotsWords(queue)} />
        <Count name="waiting" value={queue.waiting} of={queue.held > 0 ? `and ${queue.held} held` : 'in line'} />
        <Count name="completed" value={queue.completedLastHour} of="in the last hour" />
      </dl>
      {queue.machine === null ? null : (
        <div class="loads">
          <Load name="CPU" percent={queue.machine.cpuPercent} note={null} />
          <Load
            name="Memory"
            percent={queue.machine.memoryPercent}
            note={`${queue.machine.memoryAvailableGb.toFixed(1)} GB free`}
          />
        </div>
      )}
    </>
  );
}

function slotsWords({ slots, runningElsewhere }: Queue): string {
  const elsewhere = runningElsewhere > 0 ? `, and ${runningElsewhere.toLocaleString('en')} elsewhere` : '';
  return `of ${slots} slots${elsewhere}`;
}

function Count({ name, value, of }: { name: string; value: number; of: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>{value.toLocaleString('en')}</strong> <span class="muted">{of}</span>
      </dd>
    </div>
  );
}

function Load({ name, percent, note }: { name: string; percent: number; note: string | null }) {
  const id = `load-${name.toLowerCase()}`;
  return (
    <div class="load">
      <label for={id}>{name}</label>
      <meter id={id} min={0} max={100} high={85} value={percent}>
        {Math.round(percent)} %
      </meter>
      <span class="muted">
        {Math.round(percent)} %{note === null ? '' : `, ${note}`}
      </span>
    </div>
  );
}
