// What the command line of each of these benchmarks says.
import { readFileSync } from "node:fs";
import * as graphile from "./graphile.mjs";
import * as boss from "./boss.mjs";

const peers = { "graphile-worker": graphile, "pg-boss": boss };

/** Reads the arguments, or ends the process with how to use them. */
export function given(verb, known, usage) {
  const all = ["connection", "peer", "variant", ...known];
  given.of = Object.fromEntries(
    process.argv.slice(2).map(one => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]));
  if (given.of.connection && Object.keys(given.of).every(name => all.includes(name))) return;
  console.error(`usage: npm run ${verb} -- connection='Host=...;Username=...;Database=...' [peer=graphile-worker|pg-boss] `
    + `[variant=TEXT] ${usage}`);
  process.exit(2);
}

export const number = (name, fallback) => (given.of[name] === undefined ? fallback : Number.parseInt(given.of[name], 10));

/** The peers that are asked for, each under its name and version. */
export const peersNamed = () => Object.entries(peers).filter(([name]) => !given.of.peer || name === given.of.peer).map(([name, peer]) => {
  const { version } = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), "utf8"));
  return [`${name.split("-worker")[0]} ${version}`, peer];
});
