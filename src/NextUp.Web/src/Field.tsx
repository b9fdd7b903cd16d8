import type { ComponentChildren } from 'preact';

interface Props {
  readonly label: string;
  readonly hint: ComponentChildren;
  /** For the `aria-describedby` of the control. */
  readonly hintId: string;
  readonly children: ComponentChildren;
}

/** A control with its label, and a hint that is no part of its name. */
export function Field({ label, hint, hintId, children }: Props) {
  return (
    <div class="field">
      <label>
        {label}
        {children}
      </label>
      <p class="sub" id={hintId}>
        {hint}
      </p>
    </div>
  );
}
