// Writes the results as CSV, in the format of the list: each row, with its own columns first.
import * as fs from "node:fs";
import { pipeline } from "node:stream/promises";

import { COLUMNS, csvOf, distinct, isSecret } from "../../lists/index.ts";
import { fileFailure, orUndefined, UsageError } from "../errors.ts";
import type { Input } from "../input.ts";
import { linesOf } from "./records.ts";
import type { Results } from "./results.ts";

/** The CSV file beside the results file, with the same name and `.csv` behind it. */
export class CsvResults {
  path;
  #input;

  constructor(output: string, input: Input) {
    if (!input.isRepeatable)
      throw new UsageError(
        "--format csv needs a file: the list is read again for its other columns",
      );
    this.path = `${output}.csv`;
    this.#input = input;
    input.requireOther(this.path, `--format csv writes ${this.path}, which`);
    const stats = fs.statSync(this.path, { throwIfNoEntry: false });
    if (stats && !stats.isFile()) throw new UsageError(`${this.path} is not a regular file`);
    const names = headerOf(this.path)?.replace(/"/g, "").split(/[,;]/) ?? [];
    if (stats && stats.size > 0 && names.slice(-COLUMNS.length).join() !== COLUMNS.join())
      throw new UsageError(`${this.path} exists, and is not a file of this command`);
  }

  /** Writes the file. It appears only once it is complete. */
  async write(results: Results) {
    const part = `${this.path}.part`;
    try {
      fs.rmSync(part, { force: true });
      const file = fs.createWriteStream(part, { flags: "wx", mode: 0o600 });
      await pipeline(this.#pieces(results), file);
      fs.renameSync(part, this.path);
    } catch (error) {
      fs.rmSync(part, { force: true });
      throw fileFailure(error, this.path);
    }
  }

  async *#pieces(results: Results) {
    const { names, columns, csv } = this.#input.reader;
    const isOwn = (at: number) => at !== columns.user && at !== columns.organization;
    const own = [...names.keys()].filter((at) => isOwn(at) && !isSecret(names[at]));
    const ownNames = own.map((at) => names[at]);
    // Excel needs the byte order mark.
    yield `\uFEFF${csvOf([[...distinct(ownNames, COLUMNS), ...COLUMNS]], csv)}`;
    for (const user of results.users.values()) user.seen = undefined;
    for await (const { line, userId, orgId, reason, text, cells } of this.#input.entries()) {
      const problem = userId ? results.repeatOf(userId, orgId) : reason;
      const result = problem
        ? { user_id: userId ?? text, state: "not_usable", error: problem }
        : resultOf(results, userId ?? "");
      const fields: Record<string, unknown> = { ...result, line };
      yield csvOf([[...own.map((at) => cells[at]), ...COLUMNS.map((name) => fields[name])]], csv);
    }
  }
}

function resultOf(results: Results, user_id: string) {
  // A run that --limit ended did not come to all users.
  if (results.userOf(user_id).state === "none") return { user_id, state: "not_sent" };
  const { expires_at, ...record } = results.recordOf(user_id);
  return { ...record, expires_at: expires_at && new Date(expires_at).toISOString() };
}

/** Returns the first line of a file that is not JSON; undefined if there is none. */
export function headerOf(path: string) {
  return orUndefined(() => {
    const fd = fs.openSync(path, "r");
    const [line] = linesOf(fd, 0);
    fs.closeSync(fd);
    return line?.text.startsWith("{") ? undefined : line?.text.trim();
  });
}
