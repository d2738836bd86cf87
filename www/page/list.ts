// Reads a list into the users of a run, and the rows that name no user. Keeps the list's other columns.
import { cellText, isSecret, ListReader } from "../lists/index.ts";

export type User = { line: number; userId: string; orgId?: string; cells: string[] };

export type Problem = { line: number; text: string; reason: string; cells: string[] };

export interface List {
  users: User[];
  problems: Problem[];
  blank: number;
  columns: string[];
  omitted: string[];
  notices: string[];
}

/**
 * Reads a list: `{ users: [{ line, userId, orgId?, cells }], problems: [{ line, text, reason, cells }], … }`, in the order of
 * the lines. `cells` belong to `columns`: all of the list's own but those `omitted`.
 */
export function readList(given: string | Uint8Array): List {
  const reader = new ListReader();
  const entries = [...reader.push(given), ...reader.end()];
  const { names, notices, blank } = reader;
  const kept = [...names.keys()].filter((index) => !isSecret(names[index]));
  const list: List = {
    users: [],
    problems: [],
    blank,
    notices,
    columns: kept.map((index) => names[index]),
    omitted: names.filter(isSecret),
  };
  const lines: Map<string, number> = new Map();
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
