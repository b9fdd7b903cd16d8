import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Trouble } from './Trouble';
import { useAction } from './useAction';

interface Props {
  readonly id: string;
  readonly title: string;
  /** What will happen. */
  readonly children: ComponentChildren;
  readonly keep: string;
  readonly act: string;
  readonly work: () => Promise<void>;
  readonly close: () => void;
}

/** Asks before something that cannot be undone. */
export function Confirm({ id, title, children, keep, act, work, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const action = useAction();
  useEffect(() => dialog.current?.showModal(), []);
  const confirm = async (): Promise<void> => {
    if (await action.run(work)) dialog.current?.close();
  };
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={close}>
      <h2 id={id}>{title}</h2>
      <p>{children}</p>
      <Trouble text={action.trouble} />
      <div class="actions">
        <button type="button" autofocus onClick={() => dialog.current?.close()}>
          {keep}
        </button>
        <button type="button" class="danger solid" disabled={action.isBusy} onClick={() => void confirm()}>
          {act}
        </button>
      </div>
    </dialog>
  );
}
