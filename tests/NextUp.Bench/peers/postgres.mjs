// The same words for where PostgreSQL is as NextUp takes: Host=...;Username=...;Database=...;Password=...;Port=...
import pg from "pg";

const names = { host: "host", username: "user", database: "database", password: "password", port: "port" };

export function connectionOf(text) {
  const config = {};
  for (const part of text.split(";").filter(Boolean)) {
    const at = part.indexOf("=");
    const name = names[part.slice(0, at).trim().toLowerCase()];
    if (!name) throw new Error(`connection: ${part.slice(0, at)} is none of ${Object.keys(names).join(", ")}.`);
    config[name] = part.slice(at + 1).trim();
  }
  return config;
}

export function newPool(connection, max) {
  const pool = new pg.Pool({ ...connection, max });
  // Connections that end with their server are the next query's business.
  pool.on("error", () => {});
  pool.on("connect", client => client.on("error", () => {}));
  return pool;
}

/** What the figures depend on. */
export async function durability(pool) {
  const { rows } = await pool.query(
    "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'server_version') "
    + "ORDER BY name");
  return rows.map(row => `${row.name}=${row.setting}`).join(" ");
}
