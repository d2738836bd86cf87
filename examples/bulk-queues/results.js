// Reads a run back: its counts, its problems, its results as CSV.
import Papa from "papaparse";

/** A cell that a spreadsheet would take for a formula; Papa's own rule stops looking at a line break. */
const FORMULA = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/;

const NONE = { queued: 0, sending: 0, created: 0, failed: 0, unknown: 0 };

const RUN = `SELECT id, state, expires_in_seconds AS expiresInSeconds, created_at AS createdAt FROM runs`;

export function run(DB, id) {
  return DB.prepare(`${RUN} WHERE id = ?`).bind(id).first();
}

/** The newest runs, with what they come to. */
export async function runs(DB) {
  const { results } = await DB.prepare(`${RUN} ORDER BY created_at DESC LIMIT 50`).all();
  return Promise.all(results.map(async (one) => ({ ...one, ...(await counts(DB, one)) })));
}

export async function setState(DB, id, state) {
  await DB.prepare("UPDATE runs SET state = ? WHERE id = ?").bind(state, id).run();
}

/** How many users are in each state, and what that makes of the run: its `phase` is its state, or "finished". */
export async function counts(DB, { id, state }) {
  const { results } = await DB.prepare(
    "SELECT state, count(*) AS count FROM results WHERE run_id = ? GROUP BY state",
  )
    .bind(id)
    .all();
  const found = { ...NONE, ...Object.fromEntries(results.map((row) => [row.state, row.count])) };
  const done = found.created + found.failed + found.unknown;
  const left = found.queued + found.sending;
  const phase = state !== "loading" && left === 0 ? "finished" : state;
  return { ...found, done, total: done + left, phase };
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
      yield `${Papa.unparse(results, { columns, header: false, escapeFormulae: FORMULA })}\r\n`;
      last = results.at(-1).user_id;
    }
  }
  return ReadableStream.from(rows()).pipeThrough(new TextEncoderStream());
}
