import { useState } from 'preact/hooks';
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
  const [trouble, setTrouble] = useState<string | null>(null);
  const run = async (work: () => Promise<void>): Promise<boolean> => {
    if (isBusy) return false;
    setBusy(true);
    setTrouble(null);
    try {
      await work();
      return true;
    } catch (error) {
      setTrouble(problemWords(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, trouble, run };
}
