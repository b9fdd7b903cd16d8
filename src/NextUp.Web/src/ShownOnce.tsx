import { useEffect, useId, useRef, useState } from 'preact/hooks';

interface Props {
  readonly name: string;
  readonly text: string;
  readonly close: () => void;
}

/** A secret that the server tells this once and keeps from everyone, us included, from then on. */
export function ShownOnce({ name, text, close }: Props) {
  const hint = useId();
  const field = useRef<HTMLInputElement>(null);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
    setCopied(false);
  }, [text]);
  const copy = async (): Promise<void> => {
    field.current?.select();
    // Over plain HTTP browsers offer no clipboard; the text stands selected, to be copied by hand.
    await navigator.clipboard?.writeText(text);
    setCopied(navigator.clipboard !== undefined);
  };
  return (
    <div class="shown-once">
      <label class="field">
        {name}
        <input ref={field} type="text" readOnly value={text} spellcheck={false} aria-describedby={hint} />
      </label>
      <p id={hint}>Keep it now: it is shown this once.</p>
      <div class="actions">
        <button type="button" onClick={() => void copy()}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
        <button type="button" class="quiet" onClick={close}>
          I have kept it
        </button>
      </div>
    </div>
  );
}
