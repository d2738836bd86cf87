// Reads a pasted list or a CSV file: who is in it, and which lines are no users.
import Papa from "papaparse";

const USER = /^user_\w+$/;
const ORGANIZATION = /^org_\w+$/;

/** `{ users: [{ line, userId, orgId? }], problems: [{ line, text, reason }], blank }`, in the order of the lines. */
export function readList(text) {
  const list = { users: [], problems: [], blank: 0 };
  const lines = new Map();
  let columns;
  for (const { line, cells, isBroken } of rows(text.replace(/^\uFEFF/, ""))) {
    const trimmed = cells.map((cell) => cell.trim());
    if (trimmed.every((cell) => cell === "")) {
      list.blank++;
      continue;
    }
    if (!columns) {
      columns = header(trimmed);
      if (columns.isNamed) continue;
    }
    const [userId, orgId] = [trimmed[columns.user] ?? "", trimmed[columns.organization] ?? ""];
    const reason = isBroken ? "a quote is not closed" : reasonAgainst(userId, orgId, lines);
    if (reason) {
      list.problems.push({ line, text: trimmed.join(", ").slice(0, 80), reason });
    } else {
      lines.set(userId, line);
      list.users.push({ line, userId, ...(orgId && { orgId }) });
    }
  }
  return list;
}

/** Where the columns are: named in the first line, or the user first and the organization second. */
function header(cells) {
  const names = cells.map((cell) => cell.toLowerCase().replace(/[\s_-]/g, ""));
  const user = names.findIndex((name) => name === "userid" || name === "user");
  if (user < 0) return { user: 0, organization: 1, isNamed: false };
  return {
    user,
    organization: names.findIndex((name) => name === "orgid" || name === "organizationid"),
    isNamed: true,
  };
}

function reasonAgainst(userId, orgId, lines) {
  if (!USER.test(userId)) return "not a user id: those begin with user_";
  if (orgId && !ORGANIZATION.test(orgId)) return "not an organization id: those begin with org_";
  if (lines.has(userId)) return `the same user as in line ${lines.get(userId)}`;
  return undefined;
}

/** The rows with the lines they begin in; a quoted cell may have several lines. */
function rows(text) {
  const found = [];
  let [line, at] = [1, 0];
  Papa.parse(text, {
    delimiter: delimiterOf(text),
    step({ data, errors, meta: { cursor } }) {
      found.push({ line, cells: data, isBroken: errors.some(({ type }) => type === "Quotes") });
      line += text.slice(at, cursor).match(/\r\n|\r|\n/g)?.length ?? 0;
      at = cursor;
    },
  });
  return found;
}

function delimiterOf(text) {
  const [firstLine] = text.split(/[\r\n]/, 1);
  return [";", "\t"].find((delimiter) => firstLine.includes(delimiter)) ?? ",";
}
