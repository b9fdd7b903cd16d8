/** Sees each job begin and end: two of one user at once, a user's jobs out of order, and more than the slots at once. */
export class Watch {
  done = 0;
  overLimit = 0;
  outOfOrder = 0;
  runningMax = 0;
  #running = new Map();
  #last = new Map();
  #count = 0;
  #jobs;
  #finish;

  constructor(jobs) {
    this.#jobs = jobs;
    this.finished = new Promise(resolve => (this.#finish = resolve));
  }

  begin(user, number) {
    const beside = this.#running.get(user) ?? 0;
    if (beside > 0) this.overLimit++;
    this.#running.set(user, beside + 1);
    if ((this.#last.get(user) ?? -1) > number) this.outOfOrder++;
    this.#last.set(user, number);
    this.runningMax = Math.max(this.runningMax, ++this.#count);
  }

  end(user) {
    this.#running.set(user, this.#running.get(user) - 1);
    this.#count--;
    if (++this.done === this.#jobs) this.#finish();
  }
}

/** Work that the watch sees. */
export const watched = (watch, work) => async ({ user, number }) => {
  watch.begin(user, number);
  await work();
  watch.end(user);
};

/** The work itself: nothing, but not within the turn in which it began. */
export const nothing = () => new Promise(resolve => setImmediate(resolve));
