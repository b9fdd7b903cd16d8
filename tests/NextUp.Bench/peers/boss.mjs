// pg-boss: three ways to have one active job a user. A batch is fetched and completed as one; of it as many jobs run at once as
// there are slots.
import { PgBoss } from "pg-boss";

const queue = "nothing";

const ways = {
  singleton: { queue: { policy: "singleton" }, job: user => ({ singletonKey: user }) },
  fifo: { queue: { policy: "key_strict_fifo" }, job: user => ({ singletonKey: user }) },
  group: { queue: { policy: "standard" }, job: user => ({ group: { id: user } }), work: { groupConcurrency: 1 } },
};

export const variants = {
  "singleton, 20 workers": { way: "singleton", batch: 1 },
  "singleton, batches of 20": { way: "singleton", batch: 20 },
  "singleton, batches of 500": { way: "singleton", batch: 500 },
  "key_strict_fifo, batches of 500": { way: "fifo", batch: 500 },
  "group of one, batches of 20": { way: "group", batch: 20 },
  "group of one, batches of 500": { way: "group", batch: 500 },
};

/** How many jobs are marked as begun at once. */
export const claimed = (variant, slots) => (variant.batch === 1 ? slots : variant.batch);

const bosses = new Map();

function adapter(pool) {
  return { executeSql: (text, values) => pool.query(text, values) };
}

export async function open({ pool, schema, variant }) {
  const boss = new PgBoss({ db: adapter(pool), schema, supervise: false, schedule: false, migrate: true });
  boss.on("error", error => { throw error; });
  bosses.set(schema, boss);
  await boss.start();
  await boss.createQueue(queue, { ...ways[variant.way].queue, retryLimit: 0 });
}

/** @param all Of each job its user and its number. */
export async function add({ schema, variant }, all) {
  await bosses.get(schema).insert(queue, all.map(data => ({ data, ...ways[variant.way].job(data.user) })));
}

export async function start({ schema, slots, work, variant }) {
  const boss = bosses.get(schema);
  const options = {
    batchSize: variant.batch,
    localConcurrency: variant.batch === 1 ? slots : 1,
    pollingIntervalSeconds: 0.5,
    burstWhenReadyExceeds: 1,
    burstWhenBatchFull: true,
    ...ways[variant.way].work,
  };
  await boss.work(queue, options, async batch => {
    const waiting = batch.values();
    const slot = async () => {
      for (const { data } of waiting) await work(data);
    };
    await Promise.all(Array.from({ length: variant.batch === 1 ? 1 : slots }, slot));
  });
  return async () => {
    bosses.delete(schema);
    await boss.stop({ graceful: true, close: false });
  };
}

export const left = schema => `SELECT count(*)::int AS n FROM "${schema}".job WHERE name = '${queue}' AND state <> 'completed'`;
