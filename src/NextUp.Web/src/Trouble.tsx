/** What went wrong, read out at once. */
export function Trouble({ text, id }: { text: string | null; id?: string }) {
  if (text === null) return null;
  return (
    <p id={id} class="trouble" role="alert">
      {text}
    </p>
  );
}
