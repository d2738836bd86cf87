// Reads a list into the users of a run, and the rows that name no user. Keeps the list's other columns.
import { cellText, isSecret, ListReader } from "../lists/index.ts";

/**
 * @typedef {{ line: number, userId: string, orgId?: string, cells: string[] }} User
 * @typedef {{ line: number, text: string, reason: string, cells: string[] }} Problem
 * @typedef {object} List
 * @property {User[]} users
 * @property {Problem[]} problems
 * @property {number} blank
 * @property {string[]} columns
 * @property {string[]} omitted
 * @property {string[]} notices
 */

/**
 * Reads a list: `{ users: [{ line, userId, orgId?, cells }], problems: [{ line, text, reason, cells }], … }`, in the order of
 * the lines. `cells` belong to `columns`: all of the list's own but those `omitted`.
 *
 * @param {string | Uint8Array} given
 * @returns {List}
 */
export function readList(given) {
  const reader = new ListReader();
  const entries = [...reader.push(given), ...reader.end()];
  const { names, notices, blank } = reader;
  const kept = [...names.keys()].filter((index) => !isSecret(names[index]));
  /** @type {List} */
  const list = {
    users: [],
    problems: [],
    blank,
    notices,
    columns: kept.map((index) => names[index]),
    omitted: names.filter(isSecret),
  };
  /** @type {Map<string, number>} */
  const lines = new Map();
  for (const { line, cells: all, userId, orgId, reason, text } of entries) {
    const cells = kept.map((index) => cellText(all[index]));
    const earlier = userId && lines.get(userId);
    if (userId === undefined) list.problems.push({ line, text: text.slice(0, 80), reason, cells });
    else if (earlier)
      list.problems.push({
        line,
        text: userId,
        reason: `the same user as in line ${earlier}`,
        cells,
      });
    else {
      lines.set(userId, line);
      list.users.push({ line, userId, ...(orgId && { orgId }), cells });
    }
  }
  return list;
}
