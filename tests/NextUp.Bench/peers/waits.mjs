// How long jobs wait on another queue, as "latency" and "neighbour" of NextUp.Bench measure it on ours. See ../README.md.
import { given, number, peersNamed } from "./given.mjs";
import { connectionOf, durability, newPool } from "./postgres.mjs";
import { nothing, watched, Watch } from "./watch.mjs";

const [noisyJobs, smallUsers, slots] = [1000, 100, 20];
given("waits", ["jobs"], "[jobs=200]");
const jobs = number("jobs", 200);
const pool = newPool(connectionOf(given.of.connection), slots + 8);
let schemas = 0;

const tenMilliseconds = () => new Promise(resolve => setTimeout(resolve, 10));

async function withPeer(peer, variant, count, work, act) {
  const schema = `peer_${process.pid}_${++schemas}`;
  const watch = new Watch(count);
  const [begun, ended] = [new Map(), new Map()];
  const inner = watched(watch, work);
  const run = {
    pool, schema, slots, variant,
    work: async job => {
      begun.get(job.user)?.(process.hrtime.bigint());
      await inner(job);
      ended.get(job.user)?.();
    },
  };
  await peer.open(run);
  const stop = await peer.start(run);
  const told = (what, user) => new Promise(resolve => what.set(user, resolve));
  const waits = await act(run, user => told(begun, user), user => told(ended, user));
  await stop();
  await pool.query(`DROP SCHEMA "${schema}" CASCADE`);
  return { waits: waits.toSorted((a, b) => a - b), watch };
}

/** One job at a time on an idle queue, from the call that adds it to the first instruction of the work. */
const latency = (peer, variant) => withPeer(peer, variant, jobs, nothing, async (run, begins, ends) => {
  const waits = [];
  for (let one = 0; one < jobs; one++) {
    const user = `user-${one}`;
    const [begun, ended] = [begins(user), ends(user)];
    const added = process.hrtime.bigint();
    await peer.add(run, [{ user, number: one }]);
    waits.push(Number(await begun - added) / 1e6);
    await ended;
  }
  return waits;
});

/** One user adds a thousand jobs of 10 ms, then a hundred users add one each: how long the hundred wait. */
const neighbour = (peer, variant) => withPeer(peer, variant, noisyJobs + smallUsers, tenMilliseconds, async (run, begins) => {
  await peer.add(run, Array.from({ length: noisyJobs }, (_, at) => ({ user: "whale", number: at })));
  return await Promise.all(Array.from({ length: smallUsers }, async (_, at) => {
    const user = `small-${at}`;
    const begun = begins(user);
    const added = process.hrtime.bigint();
    await peer.add(run, [{ user, number: noisyJobs + at }]);
    return Number(await begun - added) / 1e6;
  }));
});

const cells = (...texts) => texts.map((text, at) => (at === 0 ? String(text).padEnd(18) : at <= 2 ? String(text).padEnd(34)
  : String(text).padStart(12))).join("");

console.log(`node ${process.version}, ${await durability(pool)}, ${slots} slots`);
console.log(cells("peer", "variant", "scenario", "p50 ms", "p99 ms", "over limit"));
const at = (sorted, percent) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * percent / 100))].toFixed(1);
for (const [name, peer] of peersNamed()) {
  for (const [title, variant] of Object.entries(peer.variants).filter(([title]) => title.includes(given.of.variant ?? ""))) {
    for (const [scenario, measure] of [[`idle, ${jobs} jobs one by one`, latency], ["noisy neighbour, the hundred", neighbour]]) {
      const { waits, watch } = await measure(peer, variant);
      console.log(cells(name, title, scenario, at(waits, 50), at(waits, 99), watch.overLimit));
    }
  }
}
await pool.end();
process.exit(0);
