import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../api';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { attemptWords } from './noticeWords';
import { noticeCalls, type Delivery } from './notices';

interface Props {
  readonly api: Api;
  readonly id: string;
  readonly name: string;
  readonly done: () => Promise<void>;
}

const lookAgainMs = 700;
/** A trial is one attempt, which the server ends within a minute at most. */
const looksMax = 90;

/** Sends a trial and follows it until it is known what became of it. */
export function Trial({ api, id, name, done }: Props) {
  const action = useAction();
  const [sent, setSent] = useState<{ readonly delivery: Delivery; readonly looks: number } | null>(null);
  useEffect(() => {
    if (sent === null || action.isBusy || isOver(sent.delivery) || sent.looks >= looksMax) return;
    const timer = setTimeout(() => {
      void action.run(async () => {
        const delivery = await noticeCalls.delivery(api, id, sent.delivery.id);
        setSent({ delivery, looks: sent.looks + 1 });
        if (isOver(delivery)) await done();
      });
    }, lookAgainMs);
    return () => clearTimeout(timer);
  }, [sent, action.isBusy]);
  const send = (): void =>
    void action.run(async () => setSent({ delivery: await noticeCalls.test(api, id), looks: 0 }));
  return (
    <>
      <div class="actions small">
        <button type="button" aria-label={`Send a trial to ${name}`} disabled={action.isBusy} onClick={send}>
          Send a trial
        </button>
        <span role="status" class={sent?.delivery.state === 'gave-up' ? 'trouble' : ''}>
          {sent === null ? '' : resultWords(sent.delivery)}
        </span>
      </div>
      <Trouble text={action.trouble} />
    </>
  );
}

function isOver(delivery: Delivery): boolean {
  return delivery.state !== 'waiting';
}

function resultWords(delivery: Delivery): string {
  const last = delivery.attempts.at(-1);
  if (delivery.state === 'waiting') return 'It is on its way.';
  if (delivery.state === 'delivered') return 'It arrived.';
  return `It did not arrive: ${last === undefined ? 'nobody was reached' : attemptWords(last)}.`;
}
