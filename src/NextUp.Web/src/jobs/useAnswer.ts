import { useEffect, useState } from 'preact/hooks';
import { problemWords } from '../problem';

export type Answer<T> =
  | { readonly state: 'reading' }
  | { readonly state: 'read'; readonly value: T }
  | { readonly state: 'failed'; readonly trouble: string };

/** Asks once per key; an answer that comes after the next question is dropped. */
export function useAnswer<T>(key: string, ask: () => Promise<T>): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ state: 'reading' });
  useEffect(() => {
    let isWanted = true;
    const take = (next: Answer<T>): void => {
      if (isWanted) setAnswer(next);
    };
    take({ state: 'reading' });
    ask().then(
      (value) => take({ state: 'read', value }),
      (error: unknown) => take({ state: 'failed', trouble: problemWords(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [key]);
  return answer;
}
