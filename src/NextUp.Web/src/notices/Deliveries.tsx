import { useState } from 'preact/hooks';
import type { Api } from '../api';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { useReading } from '../useReading';
import { jobHref } from '../routes';
import { logTimeWords, timeWords } from '../words';
import { attemptWords, deliveryWords, typeWords } from './noticeWords';
import { noticeCalls, type Delivery, type DeliveryPage, type Subscription } from './notices';

/** What was told, newest first, and what became of each. */
export function Deliveries({ api, of }: { api: Api; of: Subscription }) {
  const { id, deliveredAt, failingSince } = of;
  // Whatever arrives, or does not, changes one of the two.
  const asOf = `${id} ${deliveredAt?.getTime()} ${failingSince?.getTime()}`;
  const [answer, read] = useReading(asOf, () => noticeCalls.deliveries(api, id, null));
  if (answer.state === 'reading') return <p class="muted">Reading what was sent</p>;
  if (answer.state === 'failed') return <Trouble text={answer.trouble} />;
  return <Pages api={api} id={id} first={answer.value} read={read} />;
}

interface PagesProps {
  readonly api: Api;
  readonly id: string;
  readonly first: DeliveryPage;
  readonly read: () => Promise<void>;
}

function Pages({ api, id, first, read }: PagesProps) {
  const [older, setOlder] = useState<readonly Delivery[]>([]);
  const [next, setNext] = useState(first.next);
  const action = useAction();
  const more = async (): Promise<void> => {
    const page = await noticeCalls.deliveries(api, id, next);
    setOlder([...older, ...page.deliveries]);
    setNext(page.next);
  };
  const all = [...first.deliveries, ...older];
  return (
    <>
      {all.length === 0 ? <p class="muted">Nothing in the last days.</p> : null}
      <ul class="deliveries">
        {all.map((delivery) => (
          <DeliveryLine key={delivery.id} api={api} id={id} delivery={delivery} read={read} />
        ))}
      </ul>
      <Trouble text={action.trouble} />
      <div class="actions small">
        {next === null ? null : (
          <button type="button" disabled={action.isBusy} onClick={() => void action.run(more)}>
            Show more
          </button>
        )}
        <button type="button" class="quiet" disabled={action.isBusy} onClick={() => void action.run(read)}>
          Look again
        </button>
      </div>
    </>
  );
}

interface LineProps {
  readonly api: Api;
  readonly id: string;
  readonly delivery: Delivery;
  readonly read: () => Promise<void>;
}

function DeliveryLine({ api, id, delivery, read }: LineProps) {
  const action = useAction();
  const { job, type, at, state, attempts } = delivery;
  const now = Date.now();
  const again = async (): Promise<void> => {
    await noticeCalls.replay(api, id, delivery.id);
    await read();
  };
  return (
    <li>
      <p>
        {job === null ? null : <a href={jobHref(job.id)}>{job.fileName}</a>} {typeWords(type)}
        <span class="muted">, {timeWords(at, now)}. </span>
        <strong class={state === 'gave-up' ? 'trouble' : ''}>{deliveryWords(delivery, now)}.</strong>
      </p>
      {attempts.length === 0 ? null : (
        <ol class="attempts" aria-label="Attempts">
          {attempts.map((attempt) => (
            <li key={attempt.number} class="muted">
              {logTimeWords(attempt.at)} {attemptWords(attempt)}
            </li>
          ))}
        </ol>
      )}
      {state === 'waiting' || type === 'notice.confirm' ? null : (
        <div class="actions small">
          <button type="button" class="quiet" disabled={action.isBusy} onClick={() => void action.run(again)}>
            Send it again
          </button>
        </div>
      )}
      <Trouble text={action.trouble} />
    </li>
  );
}
