// Reads a run back: its counts, its problems, its results as CSV.
import Papa from "papaparse";

export function run(DB, id) {
  return DB.prepare(
    "SELECT id, state, expires_in_seconds AS expiresInSeconds FROM runs WHERE id = ?",
  )
    .bind(id)
    .first();
}

export async function setState(DB, id, state) {
  await DB.prepare("UPDATE runs SET state = ? WHERE id = ?").bind(state, id).run();
}

export async function counts(DB, id) {
  const { results } = await DB.prepare(
    "SELECT state, count(*) AS count FROM results WHERE run_id = ? GROUP BY state",
  )
    .bind(id)
    .all();
  return {
    queued: 0,
    sending: 0,
    created: 0,
    failed: 0,
    unknown: 0,
    ...Object.fromEntries(results.map(({ state, count }) => [state, count])),
  };
}

export async function problems(DB, id) {
  const { results } = await DB.prepare(
    "SELECT line, reason FROM problems WHERE run_id = ? ORDER BY line LIMIT 100",
  )
    .bind(id)
    .all();
  return results;
}

/** A stream, read from D1 a thousand rows at a time. The URLs in it sign people in. */
export function csv(DB, id, state) {
  const columns = ["user_id", "state", "token_id", "url", "error"];
  const query = DB.prepare(`
    SELECT ${columns} FROM results WHERE run_id = ?1 AND user_id > ?2 AND (?3 IS NULL OR state = ?3) ORDER BY user_id LIMIT 1000
  `);
  async function* rows() {
    yield `${columns}\r\n`;
    for (let last = ""; ;) {
      const { results } = await query.bind(id, last, state ?? null).all();
      if (results.length === 0) return;
      yield `${Papa.unparse(results, { columns, header: false, escapeFormulae: true })}\r\n`;
      last = results.at(-1).user_id;
    }
  }
  return ReadableStream.from(rows()).pipeThrough(new TextEncoderStream());
}
