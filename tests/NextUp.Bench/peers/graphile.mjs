// graphile-worker: a named queue a user runs its jobs one after the other.
import { makeWorkerUtils, run, Logger } from "graphile-worker";
import { nothing } from "./watch.mjs";

const quiet = new Logger(() => () => {});

/** Ways to run it; null leaves a setting as it comes. */
export const variants = {
  "as it comes": { localQueue: null, completeJobBatchDelay: null },
  "batched, a queue of 50": { localQueue: { size: 50 }, completeJobBatchDelay: 0 },
  "batched, a queue of 200": { localQueue: { size: 200 }, completeJobBatchDelay: 0 },
  "batched, a queue of 500": { localQueue: { size: 500 }, completeJobBatchDelay: 0 },
  "batched, a queue of 500, 5 ms": { localQueue: { size: 500 }, completeJobBatchDelay: 5 },
};

/** How many jobs are marked as begun at once. */
export const claimed = (variant, slots) => variant.localQueue?.size ?? slots;

export async function fill({ pool, schema, jobs, users }) {
  const utils = await makeWorkerUtils({ pgPool: pool, schema, logger: quiet });
  await utils.migrate();
  for (let from = 0; from < jobs; from += 1000) {
    const count = Math.min(1000, jobs - from);
    await utils.addJobs(Array.from({ length: count }, (_, at) => {
      const user = `user-${(from + at) % users}`;
      return { identifier: "nothing", queueName: user, maxAttempts: 1, payload: { user, number: from + at } };
    }));
  }
  await utils.release();
}

export async function start({ pool, schema, slots, watch, variant }) {
  const worker = { schema, concurrentJobs: slots, pollInterval: 100, maxPoolSize: slots + 4, logger: quiet };
  for (const [name, value] of Object.entries(variant)) if (value !== null) worker[name] = value;
  const runner = await run({
    pgPool: pool,
    noHandleSignals: true,
    crontab: "",
    preset: { worker },
    taskList: {
      nothing: async ({ user, number }) => {
        watch.begin(user, number);
        await nothing();
        watch.end(user);
      },
    },
  });
  return () => runner.stop();
}

export const left = schema => `SELECT count(*)::int AS n FROM "${schema}"._private_jobs`;
