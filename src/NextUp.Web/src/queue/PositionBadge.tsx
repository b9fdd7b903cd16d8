import { positionWords } from './position';

const dotsMax = 12;

export function PositionBadge({ position }: { position: number }) {
  const words = positionWords(position);
  return (
    <span class="place">
      <span class={`badge badge-${words.tone}`}>{words.text}</span>
      {words.ahead === null ? null : <span class="ahead">{words.ahead}</span>}
    </span>
  );
}

/** The line as seen from its head, with one's own job in it. The badge says the same in words. */
export function LineDots({ position }: { position: number }) {
  const ahead = Math.min(position - 1, dotsMax);
  return (
    <div class="dots" aria-hidden="true">
      <span class="head">front</span>
      {Array.from({ length: ahead }, (_, index) => (
        <span key={index} class="dot" />
      ))}
      {position - 1 > dotsMax ? <span class="more">+{position - 1 - dotsMax}</span> : null}
      <span class="dot you" />
      <span class="head">you</span>
    </div>
  );
}
