import { useReading, type Answer } from '../useReading';

/** Asks once per key; an answer that comes after the next question is dropped. */
export function useAnswer<T>(key: string, ask: () => Promise<T>): Answer<T> {
  return useReading(key, ask)[0];
}
