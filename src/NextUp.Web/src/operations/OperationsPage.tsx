import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../store';
import { AuditPanel } from './AuditPanel';
import { Confirm } from './Confirm';
import type { Desk } from './desk';
import { EstimatesPanel } from './EstimatesPanel';
import { FailuresPanel } from './FailuresPanel';
import { Figures, Kinds, RunningJobs, StorePanel, type Now } from './NowPanels';
import type { Order } from './orders';
import { JobDialog } from './JobDialog';
import { JobsPanel } from './JobsPanel';
import { PastPanel } from './PastPanel';
import { PeakHours } from './PeakHours';
import { usePoll, type Answer } from './poll';
import { SettingsPanel } from './SettingsPanel';
import { SignIn } from './SignIn';
import { SteeringPanel } from './SteeringPanel';
import { SweepsPanel } from './SweepsPanel';
import { UsersPanel } from './UsersPanel';
import { WorkersPanel } from './WorkersPanel';
import type { Operator } from './model';

const nowPeriodMs = 2000;
/** Long enough to be read; what was done is also in the log of what operators did. */
const saidForMs = 10_000;

export function OperationsPage({ desk }: { desk: Desk }) {
  const access = useStore(desk.access);
  const said = useStore(desk.said);
  useEffect(() => void desk.enter(), [desk]);
  useEffect(() => {
    const timer = setTimeout(() => desk.said.dispatch(''), saidForMs);
    return () => clearTimeout(timer);
  }, [desk, said]);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      {access.state === 'in' ? <Board desk={desk} operator={access.operator} /> : <Bare />}
      {access.state === 'out' ? (
        <main id="main" tabIndex={-1}>
          <SignIn desk={desk} access={access} />
        </main>
      ) : null}
      <p class={said === '' ? 'unseen' : 'said'} role="status" aria-live="polite">
        {said}
      </p>
    </>
  );
}

function Bare() {
  return (
    <header class="top">
      <Brand />
    </header>
  );
}

function Brand() {
  return (
    <a class="brand" href="/">
      <img src="/icon.svg" alt="" width="28" height="28" />
      NextUp <span class="muted">operations</span>
    </a>
  );
}

function Board({ desk, operator }: { desk: Desk; operator: Operator }) {
  const { api } = desk;
  const [order, setOrder] = useState<Order | null>(null);
  const [orders, setOrders] = useState(0);
  const [shown, setShown] = useState<string | null>(null);
  const ask = async (): Promise<Now> => {
    const [overview, steering] = await Promise.all([api.overview(), api.steering()]);
    return { overview, steering };
  };
  const [now, refresh] = usePoll(ask, nowPeriodMs, 'now');
  useEffect(() => {
    document.title = titleWords(now);
  }, [now]);

  const done = (said: string): void => {
    desk.said.dispatch(said);
    setOrders((before) => before + 1);
    refresh();
  };
  const overview = now.value?.overview;
  const pauses = now.value?.steering.pauses ?? [];
  return (
    <>
      <header class="top">
        <Brand />
        <Freshness now={now} retry={refresh} />
        <span class="who">
          {operator.name} <span class="muted">({operator.role})</span>
          <button type="button" class="quiet small" onClick={() => void desk.signOut()}>
            Sign out
          </button>
        </span>
      </header>
      <Menu operator={operator} />
      <main id="main" class="board" tabIndex={-1}>
        <h1 class="unseen">Operations</h1>
        <Figures now={now} />
        <div class="stack">
          <RunningJobs overview={overview} api={api} give={setOrder} show={setShown} />
          <Kinds now={now.value} api={api} give={setOrder} />
          <StorePanel overview={overview} />
        </div>
        <SteeringPanel now={now.value} api={api} give={setOrder} done={done} />
        <PastPanel api={api} kinds={overview?.kinds.map(({ kind }) => kind) ?? []} />
        <PeakHours api={api} />
        <EstimatesPanel api={api} />
        <FailuresPanel api={api} show={setShown} />
        <JobsPanel api={api} orders={orders} give={setOrder} show={setShown} />
        <UsersPanel api={api} pauses={pauses} give={setOrder} />
        <WorkersPanel api={api} show={setShown} />
        <SweepsPanel api={api} mayOrder={operator.isAdministrator} orders={orders} give={setOrder} show={setShown} />
        {operator.isAdministrator ? <SettingsPanel api={api} give={setOrder} /> : null}
        {operator.isAdministrator ? <AuditPanel api={api} orders={orders} /> : null}
      </main>
      {shown === null ? null : (
        <JobDialog key={shown} id={shown} api={api} orders={orders} give={setOrder} close={() => setShown(null)} />
      )}
      {order === null ? null : <Confirm order={order} done={done} close={() => setOrder(null)} />}
    </>
  );
}

const parts = [
  ['now', 'Now'],
  ['running', 'Running'],
  ['steering', 'Steering'],
  ['past', 'Throughput'],
  ['peaks', 'Peak hours'],
  ['estimates', 'Estimates'],
  ['failures', 'Failures'],
  ['jobs', 'Jobs'],
  ['users', 'Users'],
  ['workers', 'Workers'],
  ['sweeps', 'Clean-up'],
] as const;
const administratorParts = [
  ['settings', 'Settings'],
  ['audit', 'What was done'],
] as const;

function Menu({ operator }: { operator: Operator }) {
  const shown = operator.isAdministrator ? [...parts, ...administratorParts] : parts;
  return (
    <nav class="menu" aria-label="Parts of this page">
      <ul>
        {shown.map(([id, name]) => (
          <li key={id}>
            <a href={`#${id}`}>{name}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Whether what is shown is of now, and if not, since when. */
function Freshness({ now, retry }: { now: Answer<Now>; retry: () => void }) {
  if (now.trouble === null)
    return (
      <span class="connection connection-live" role="status">
        <span class="dot" aria-hidden="true" />
        {now.at === null ? 'Loading' : 'Live'}
      </span>
    );
  return (
    <span class="connection connection-lost" role="status">
      <span class="dot" aria-hidden="true" />
      {now.at === null ? 'No answer.' : `No answer since ${now.at.toLocaleTimeString()}.`}
      <button type="button" class="quiet" onClick={retry}>
        Try now
      </button>
    </span>
  );
}

function titleWords({ value }: Answer<Now>): string {
  if (value === null) return 'NextUp operations';
  const { queue, problems } = value.overview;
  const state = problems.length > 0 ? '⚠ ' : queue.paused ? '⏸ ' : '';
  return `${state}${queue.running}/${queue.slots} running, ${queue.waiting} waiting · NextUp`;
}
