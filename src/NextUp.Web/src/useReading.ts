import { useEffect, useRef, useState } from 'preact/hooks';
import { problemWords } from './problem';

export type Answer<T> =
  | { readonly state: 'reading' }
  | { readonly state: 'read'; readonly value: T }
  | { readonly state: 'failed'; readonly trouble: string };

/**
 * Asks once per key, and again when told to; what is shown stays until the new answer is there. An answer that comes
 * after the next question is dropped.
 */
export function useReading<T>(key: string, ask: () => Promise<T>): readonly [Answer<T>, () => Promise<void>] {
  const [answer, setAnswer] = useState<Answer<T>>({ state: 'reading' });
  const question = useRef(0);
  const read = async (): Promise<void> => {
    const own = ++question.current;
    const next = await ask().then(
      (value): Answer<T> => ({ state: 'read', value }),
      (error: unknown): Answer<T> => ({ state: 'failed', trouble: problemWords(error) }),
    );
    if (own === question.current) setAnswer(next);
  };
  useEffect(() => {
    setAnswer({ state: 'reading' });
    void read();
    return () => void question.current++;
  }, [key]);
  return [answer, read];
}

/** What was read last: a failure to read it once more does not take it away. */
export function useLastRead<T>(answer: Answer<T>): T | null {
  const last = useRef<T | null>(null);
  if (answer.state === 'read') last.current = answer.value;
  return last.current;
}

/** What a job made is there a moment after the news that it has ended. */
const settledAfterMs = 1000;

/** Reads again whenever something moved, and once more a moment later. */
export function useReadAgain(moved: string, read: () => Promise<void>): void {
  useEffect(() => {
    void read();
    const later = setTimeout(() => void read(), settledAfterMs);
    return () => clearTimeout(later);
  }, [moved]);
}
