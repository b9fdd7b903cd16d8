// Waiting no-op jobs are worked off on another queue, as "drain" of NextUp.Bench does it on ours. See ../README.md.
import { given, number, peersNamed } from "./given.mjs";
import { connectionOf, durability, newPool } from "./postgres.mjs";
import { nothing, watched, Watch } from "./watch.mjs";

given("drain", ["jobs", "users", "slots", "rounds"], "[jobs=20000] [users=500] [slots=20] [rounds=3]");

const [jobs, users, slots, rounds] = [number("jobs", 20_000), number("users", 500), number("slots", 20), number("rounds", 3)];
const pool = newPool(connectionOf(given.of.connection), slots + 8);
let schemas = 0;

async function once(peer, variant, count) {
  const schema = `peer_${process.pid}_${++schemas}`;
  const watch = new Watch(count);
  const run = { pool, schema, slots, variant, work: watched(watch, nothing) };
  await peer.open(run);
  for (let from = 0; from < count; from += 1000) {
    await peer.add(run, Array.from({ length: Math.min(1000, count - from) }, (_, at) => (
      { user: `user-${(from + at) % users}`, number: from + at })));
  }
  await pool.query("ANALYZE");
  const [began, processor] = [process.hrtime.bigint(), process.cpuUsage()];
  const stop = await peer.start(run);
  await watch.finished;
  // The last ones are done when that is stored.
  while ((await pool.query(peer.left(schema))).rows[0].n > 0);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const { user, system } = process.cpuUsage(processor);
  await stop();
  await pool.query(`DROP SCHEMA "${schema}" CASCADE`);
  return { rate: count / seconds, spent: (user + system) / count, watch };
}

const cells = (...texts) => texts.map((text, at) => (at === 0 ? String(text).padEnd(16) : at === 1 ? String(text).padEnd(34)
  : String(text).padStart(at === 2 ? 8 : 13))).join("");

console.log(`node ${process.version}, ${await durability(pool)}, ${jobs} jobs, ${users} users, ${slots} slots, ${rounds} rounds`);
console.log(cells("peer", "variant", "jobs/s", "cpu us/job", "claimed", "at once", "over limit", "out of order"));
for (const [name, peer] of peersNamed()) {
  for (const [title, variant] of Object.entries(peer.variants).filter(([title]) => title.includes(given.of.variant ?? ""))) {
    await once(peer, variant, Math.ceil(jobs / 4)); // Until the code is compiled for good.
    const all = [];
    for (let round = 0; round < rounds; round++) all.push(await once(peer, variant, jobs));
    const middle = all.toSorted((a, b) => a.rate - b.rate)[Math.floor(rounds / 2)];
    const sum = of => all.reduce((total, one) => total + of(one.watch), 0);
    console.log(cells(
      name, title, Math.round(middle.rate), middle.spent.toFixed(1),
      peer.claimed(variant, slots), Math.max(...all.map(one => one.watch.runningMax)), sum(watch => watch.overLimit),
      sum(watch => watch.outOfOrder)));
  }
}
await pool.end();
process.exit(0);
