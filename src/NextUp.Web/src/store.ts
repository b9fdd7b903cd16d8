import { useEffect, useState } from 'preact/hooks';

/** A state, the changes that it can take, and those who watch it. */
export class Store<State, Change> {
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly apply: (state: State, change: Change) => State,
    private current: State,
  ) {}

  get state(): State {
    return this.current;
  }

  dispatch(change: Change): void {
    const next = this.apply(this.current, change);
    if (next === this.current) return;
    this.current = next;
    for (const watcher of this.watchers) watcher();
  }

  subscribe(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }
}

export function useStore<State, Change>(store: Store<State, Change>): State {
  const [state, setState] = useState(store.state);
  useEffect(() => {
    const take = (): void => setState(store.state);
    take();
    return store.subscribe(take);
  }, [store]);
  return state;
}

/** The clock for spans on the page, moving once a second. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
