// Reads a list into the users of a run, and the rows that name no user. Keeps its other columns.
import { cellText, isSecret, ListReader } from "../lists/index.ts";

export interface User {
  line: number;
  userId: string;
  orgId?: string;
  /** Or another text that tells people who it is. */
  name: string;
  cells: string[];
}

interface Problem {
  line: number;
  text: string;
  reason: string;
  name: string;
  cells: string[];
}

export interface List {
  users: User[];
  problems: Problem[];
  /** Why this is not a list at all. */
  refusal?: string;
  blank: number;
  /** All of the list's own but those `omitted`. `cells` belong to them. */
  columns: string[];
  omitted: string[];
  notices: string[];
  csv: ListReader["csv"];
}

/** The columns that tell people who somebody is, by their plain names. The best comes first. */
const NAMES = [["name"], ["fullname"], ["firstname", "lastname"], ["givenname", "familyname"]];
const ADDRESSES = ["primaryemailaddress", "emailaddress", "email", "username"].map((name) => [
  name,
]);

/** Reads a list, in the order of its lines. */
export function readList(given: string | Uint8Array): List {
  const reader = new ListReader();
  const entries = [...reader.push(given), ...reader.end()];
  const { names, notices, blank, refusal, csv } = reader;
  const kept = [...names.keys()].filter((index) => !isSecret(names[index]));
  const columns = kept.map((index) => names[index]);
  const users: User[] = [];
  const problems: Problem[] = [];
  const nameIn = namer(columns);
  const lines = new Map<string, number>();
  for (const { line, cells: all, userId, orgId, reason, text } of entries) {
    const cells = kept.map((index) => cellText(all[index]));
    const row = { line, cells, name: nameIn(cells) };
    const earlier = userId && lines.get(userId);
    if (userId === undefined) problems.push({ ...row, text: text.slice(0, 80), reason });
    else if (earlier)
      problems.push({ ...row, text: userId, reason: `the same user as in line ${earlier}` });
    else {
      lines.set(userId, line);
      users.push({ ...row, userId, ...(orgId && { orgId }) });
    }
  }
  return {
    users,
    problems,
    refusal,
    blank,
    columns,
    omitted: names.filter(isSecret),
    notices,
    csv,
  };
}

/** Returns a function that gives the name in a row; empty if there is none. */
function namer(columns: string[]) {
  const plain = columns.map((name) => name.toLowerCase().replace(/[\s_-]/g, ""));
  const known = [...NAMES, ...ADDRESSES].map((parts) => parts.map((part) => plain.indexOf(part)));
  const found = known.filter((indexes) => indexes.every((index) => index >= 0));
  return (cells: string[]) => {
    const texts = found.map((indexes) =>
      indexes
        .map((index) => cells[index].trim())
        .join(" ")
        .trim(),
    );
    return texts.find(Boolean) ?? "";
  };
}
