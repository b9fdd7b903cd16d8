import { useEffect, useRef, useState } from 'preact/hooks';
import { problemWords } from '../problem';
import type { Order } from './orders';

/** Asks before an order is given. The harmless answer has the focus; what the server refuses is told here. */
export function Confirm({ order, done, close }: { order: Order; done: (said: string) => void; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [sent, setSent] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);

  const confirm = async (): Promise<void> => {
    setSent(true);
    setTrouble(null);
    try {
      done(await order.act());
      dialog.current?.close();
    } catch (error) {
      setTrouble(problemWords(error));
      setSent(false);
    }
  };
  return (
    <dialog ref={dialog} aria-labelledby="order-title" aria-describedby="order-effects" onClose={close}>
      <h2 id="order-title">{order.title}</h2>
      <ul id="order-effects" class="effects">
        {order.effects.map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
      </ul>
      {trouble === null ? null : (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
      <div class="actions">
        <button type="button" autofocus onClick={() => dialog.current?.close()}>
          Leave it as it is
        </button>
        <button type="button" class={order.isHarsh ? 'danger solid' : 'primary'} disabled={sent} onClick={() => void confirm()}>
          {order.confirm}
        </button>
      </div>
    </dialog>
  );
}
