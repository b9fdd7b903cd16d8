import { eventNames } from './noticeWords';

interface Props {
  readonly chosen: ReadonlySet<string>;
  readonly choose: (chosen: ReadonlySet<string>) => void;
}

/** Of what to be told. */
export function EventChoice({ chosen, choose }: Props) {
  const toggle = (event: string): void => {
    const next = new Set(chosen);
    if (!next.delete(event)) next.add(event);
    choose(next);
  };
  return (
    <fieldset>
      <legend>When a job</legend>
      <div class="checks">
        {[...eventNames].map(([event, words]) => (
          <label key={event}>
            <input type="checkbox" checked={chosen.has(event)} onChange={() => toggle(event)} />
            {words}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** In the order in which a job meets them. */
export function eventsOf(chosen: ReadonlySet<string>): string[] {
  return [...eventNames.keys()].filter((event) => chosen.has(event));
}
