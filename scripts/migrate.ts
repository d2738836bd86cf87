// Applies the migrations of a database, as `wrangler d1 migrations apply` does: each once, in the
// order of their names.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { unstable_splitSqlQuery as statementsIn } from "wrangler";
import type { D1Database } from "@cloudflare/workers-types";

export async function migrate(
  database: Pick<D1Database, "exec" | "prepare" | "batch">,
  folder: string,
) {
  await database.exec("CREATE TABLE IF NOT EXISTS d1_migrations (name TEXT PRIMARY KEY)");
  const { results }: { results: { name: string }[] } = await database
    .prepare("SELECT name FROM d1_migrations")
    .all();
  const applied = new Set(results.map(({ name }) => name));
  for (const name of readdirSync(folder).sort()) {
    if (applied.has(name)) continue;
    const statements = statementsIn(readFileSync(join(folder, name), "utf8"));
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database.prepare("INSERT INTO d1_migrations VALUES (?)").bind(name),
    ]);
  }
}
