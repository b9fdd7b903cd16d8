import { useRef, useState } from 'preact/hooks';
import { problemWords } from './problem';

export interface Action {
  readonly isBusy: boolean;
  /** Why it failed, for people; null where it did not. */
  readonly trouble: string | null;
  /** Runs it unless it runs already. Says whether it succeeded. */
  run(work: () => Promise<void>): Promise<boolean>;
}

/** Something that a click starts: busy while it runs, and its failure in words. */
export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  // What is drawn may be older than what runs.
  const runs = useRef(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const run = async (work: () => Promise<void>): Promise<boolean> => {
    if (runs.current) return false;
    runs.current = true;
    setBusy(true);
    setTrouble(null);
    try {
      await work();
      return true;
    } catch (error) {
      setTrouble(problemWords(error));
      return false;
    } finally {
      runs.current = false;
      setBusy(false);
    }
  };
  return { isBusy, trouble, run };
}
