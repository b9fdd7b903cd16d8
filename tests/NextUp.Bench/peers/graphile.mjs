// graphile-worker: a named queue a user runs its jobs one after the other.
import { makeWorkerUtils, run, Logger } from "graphile-worker";

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

const utils = new Map();

export async function open({ pool, schema }) {
  const made = await makeWorkerUtils({ pgPool: pool, schema, logger: quiet });
  utils.set(schema, made);
  await made.migrate();
}

/** @param all Of each job its user and its number. */
export async function add({ schema }, all) {
  await utils.get(schema).addJobs(all.map(payload => (
    { identifier: "nothing", queueName: payload.user, maxAttempts: 1, payload })));
}

export async function start({ pool, schema, slots, work, variant }) {
  const worker = { schema, concurrentJobs: slots, pollInterval: 100, maxPoolSize: slots + 4, logger: quiet };
  for (const [name, value] of Object.entries(variant)) if (value !== null) worker[name] = value;
  const runner = await run({
    pgPool: pool,
    noHandleSignals: true,
    crontab: "",
    preset: { worker },
    taskList: { nothing: work },
  });
  return async () => {
    await runner.stop();
    await utils.get(schema).release();
    utils.delete(schema);
  };
}

export const left = schema => `SELECT count(*)::int AS n FROM "${schema}"._private_jobs`;
