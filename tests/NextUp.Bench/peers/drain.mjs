// Waiting no-op jobs are worked off on another queue, as "drain" of NextUp.Bench does it on ours. See ../README.md.
import { readFileSync } from "node:fs";
import { connectionOf, durability, newPool } from "./postgres.mjs";
import { Watch } from "./watch.mjs";
import * as graphile from "./graphile.mjs";
import * as boss from "./boss.mjs";

const peers = { "graphile-worker": graphile, "pg-boss": boss };
const given = Object.fromEntries(process.argv.slice(2).map(one => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]));
const number = (name, fallback) => (given[name] === undefined ? fallback : Number.parseInt(given[name], 10));
const known = ["connection", "peer", "variant", "jobs", "users", "slots", "rounds"];
if (!given.connection || Object.keys(given).some(name => !known.includes(name))) {
  console.error("usage: npm run drain -- connection='Host=...;Username=...;Database=...' [peer=graphile-worker|pg-boss] "
    + "[variant=TEXT] [jobs=20000] [users=500] [slots=20] [rounds=3]");
  process.exit(2);
}

const [jobs, users, slots, rounds] = [number("jobs", 20_000), number("users", 500), number("slots", 20), number("rounds", 3)];
const pool = newPool(connectionOf(given.connection), slots + 8);
let schemas = 0;

async function once(peer, variant, count) {
  const schema = `peer_${process.pid}_${++schemas}`;
  const watch = new Watch(count);
  const run = { pool, schema, jobs: count, users, slots, watch, variant };
  await peer.fill(run);
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
for (const [name, peer] of Object.entries(peers).filter(([name]) => !given.peer || name === given.peer)) {
  const version = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), "utf8")).version;
  for (const [title, variant] of Object.entries(peer.variants).filter(([title]) => title.includes(given.variant ?? ""))) {
    await once(peer, variant, Math.ceil(jobs / 4)); // Until the code is compiled for good.
    const all = [];
    for (let round = 0; round < rounds; round++) all.push(await once(peer, variant, jobs));
    const middle = all.toSorted((a, b) => a.rate - b.rate)[Math.floor(rounds / 2)];
    const sum = of => all.reduce((total, one) => total + of(one.watch), 0);
    console.log(cells(
      `${name === "pg-boss" ? "pg-boss" : "graphile"} ${version}`, title, Math.round(middle.rate), middle.spent.toFixed(1),
      peer.claimed(variant, slots), Math.max(...all.map(one => one.watch.runningMax)), sum(watch => watch.overLimit),
      sum(watch => watch.outOfOrder)));
  }
}
await pool.end();
process.exit(0);
