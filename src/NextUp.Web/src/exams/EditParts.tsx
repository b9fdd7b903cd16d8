import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Trouble } from '../Trouble';
import { textLengthMax } from './edits';
import {
  labelLengthMax,
  levelsMax,
  partsMax,
  placed,
  withoutPart,
  withPartBehind,
  withPartInside,
  type PartDraft,
  type PlacedPart,
} from './partDrafts';

interface Props {
  readonly parts: readonly PartDraft[];
  readonly marksMax: number;
  readonly change: (parts: readonly PartDraft[]) => void;
  /** What every control has that a refusal may name. */
  readonly named: (path: string) => object;
  /** What cannot be taken, and the part that it is about. */
  readonly fault: { readonly id: number; readonly text: string } | null;
  readonly faultId: string;
}

/** The parts of a question, each as its controls. Parts may be added, taken out and given another label. */
export function EditParts({ parts, marksMax, change, named, fault, faultId }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const focusNext = useRef<string | null>(null);
  const [told, setTold] = useState('');
  useEffect(() => {
    const next = focusNext.current === null ? null : box.current?.querySelector<HTMLElement>(focusNext.current);
    // What was added may be drawn a moment later.
    if (next === null || next === undefined) return;
    next.focus();
    focusNext.current = null;
  });
  const all = placed(parts);
  const isFull = parts.length >= partsMax;
  const set = (part: PartDraft, members: Partial<PartDraft>): void =>
    change(parts.map((one) => (one === part ? { ...one, ...members } : one)));
  const add = ([next, added]: [readonly PartDraft[], PartDraft]): void => {
    const name = placed(next).find(({ part }) => part === added)?.name ?? '';
    focusNext.current = `[data-part="${added.id}"] input`;
    change(next);
    setTold(added.label === '' ? 'A part was added. Its label is to be typed.' : `Part ${name} was added.`);
  };
  const takeOut = ({ part, name, hasParts }: PlacedPart): void => {
    const before = parts[parts.indexOf(part) - 1];
    // The button that was pressed is gone.
    focusNext.current = before === undefined ? '.exam-add-part' : `[data-part="${before.id}"] input`;
    change(withoutPart(parts, part));
    setTold(hasParts ? `Part ${name} was taken out, with the parts in it.` : `Part ${name} was taken out.`);
  };
  return (
    <div ref={box} class="exam-edit-parts">
      {all.map((one) => (
        <EditPart
          key={one.part.id}
          one={one}
          marksMax={marksMax}
          named={named}
          fault={fault?.id === one.part.id ? <Trouble id={faultId} text={fault.text} /> : null}
          set={(members) => set(one.part, members)}
          addBehind={isFull ? null : () => add(withPartBehind(parts, one.part))}
          addInside={isFull || one.part.level + 1 >= levelsMax ? null : () => add(withPartInside(parts, one.part))}
          takeOut={() => takeOut(one)}
        />
      ))}
      <div class="actions small">
        <button
          type="button"
          class="exam-add-part"
          aria-disabled={isFull}
          onClick={() => (isFull ? undefined : add(withPartBehind(parts, null)))}
        >
          {parts.length === 0 ? 'Divide it into parts' : 'Add a part at the end'}
        </button>
        {isFull ? <span class="muted">A question has at most {partsMax} parts.</span> : null}
      </div>
      <p role="status" class="unseen">
        {told}
      </p>
    </div>
  );
}

interface PartProps {
  readonly one: PlacedPart;
  readonly marksMax: number;
  readonly named: (path: string) => object;
  readonly fault: ComponentChildren;
  readonly set: (members: Partial<PartDraft>) => void;
  /** Null where there may be no more. */
  readonly addBehind: (() => void) | null;
  readonly addInside: (() => void) | null;
  readonly takeOut: () => void;
}

function EditPart({ one, marksMax, named, fault, set, addBehind, addInside, takeOut }: PartProps) {
  const { part, path, name, hasParts } = one;
  return (
    <div data-part={part.id} class={`exam-part exam-part-${Math.min(part.level, 2)}`} role="group" aria-label={`Part ${name}`}>
      <label>
        <span>
          Label<span class="unseen"> of {name}</span>
        </span>
        <input
          type="text"
          required
          maxLength={labelLengthMax}
          value={part.label}
          {...named(`${path}.label`)}
          onInput={(event) => set({ label: event.currentTarget.value })}
        />
      </label>
      <label>
        Text of {name}
        <textarea
          rows={2}
          maxLength={textLengthMax}
          value={part.text}
          {...named(`${path}.text`)}
          onInput={(event) => set({ text: event.currentTarget.value })}
        />
      </label>
      {hasParts ? null : (
        <label>
          <span>
            Marks<span class="unseen"> of {name}</span>
          </span>
          <input
            type="number"
            min={0}
            max={marksMax}
            value={part.marks}
            {...named(`${path}.marks`)}
            onInput={(event) => set({ marks: event.currentTarget.value })}
          />
        </label>
      )}
      {fault}
      <div class="exam-part-actions small">
        {addBehind === null ? null : (
          <button type="button" class="quiet" aria-label={`Add behind ${name}`} onClick={addBehind}>
            Add behind
          </button>
        )}
        {addInside === null ? null : (
          <button type="button" class="quiet" aria-label={`Add inside ${name}`} onClick={addInside}>
            Add inside
          </button>
        )}
        <button type="button" class="quiet danger" aria-label={`Take out ${name}`} onClick={takeOut}>
          Take out
        </button>
      </div>
    </div>
  );
}
