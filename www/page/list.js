// How the rows of a list become users: which column names them, what else is carried along, which lines are no users.
import Papa from "papaparse";

const USER = /^user_\w+$/;
const ORGANIZATION = /^org_\w+$/;

const USER_NAMES = ["userid", "clerkuserid", "clerkid", "id", "user"];
const ORGANIZATION_NAMES = ["orgid", "organizationid", "organization", "org"];

/** Columns of Clerk's own export that nobody should pass around. */
const SECRET_NAMES = ["passworddigest", "passwordhasher", "totpsecret", "backupcodes"];

/** Lines that are looked at to find out which columns hold IDs. */
const SAMPLE = 100;

/**
 * Reads plain lines or CSV: `{ users: [{ line, userId, orgId?, cells }], problems: [{ line, text, reason, cells }], blank,
 * columns, omitted }`, in the order of the lines. `cells` go with `columns`: all of the list's own but those `omitted`.
 */
export function readList(text) {
  const rows = parse(text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n"));
  const filled = rows.filter(({ cells }) => cells.some((cell) => cell !== ""));
  const layout = layoutOf(filled.map(({ cells }) => cells));
  const list = {
    users: [],
    problems: [],
    blank: rows.length - filled.length,
    columns: layout.kept.map(({ name }) => name),
    omitted: layout.omitted,
  };
  const lines = new Map();
  for (const { line, cells, isBroken } of filled.slice(layout.isNamed ? 1 : 0)) {
    const userId = cells[layout.user] ?? "";
    const orgId = cells[layout.organization] ?? "";
    const row = { line, cells: layout.kept.map(({ index }) => cells[index] ?? "") };
    const reason = isBroken ? "a quote is not closed" : reasonAgainst(userId, orgId, lines);
    if (reason) {
      list.problems.push({ ...row, text: (userId || cells.join(", ")).slice(0, 80), reason });
    } else {
      lines.set(userId, line);
      list.users.push({ ...row, userId, ...(orgId && { orgId }) });
    }
  }
  return list;
}

/** Where the columns are: by what stands in them, then by their names, then the user first and the organization second. */
function layoutOf(rows) {
  const [first = []] = rows;
  const names = first.map((name) => name.toLowerCase().replace(/[\s_-]/g, ""));
  const hasIds = first.some((cell) => USER.test(cell));
  const isNamed =
    !hasIds &&
    (names.some((name) => USER_NAMES.includes(name)) ||
      rows.slice(1, SAMPLE).some((cells) => cells.some((cell) => USER.test(cell))));
  const sample = rows.slice(isNamed ? 1 : 0, SAMPLE);
  const find = (pattern, known) => {
    const named = known.map((name) => (isNamed ? names.indexOf(name) : -1)).filter((at) => at >= 0);
    const filled = columnsWith(pattern, sample);
    return named.find((at) => filled.includes(at)) ?? filled[0] ?? named[0];
  };
  const user = find(USER, USER_NAMES) ?? 0;
  const organization = find(ORGANIZATION, ORGANIZATION_NAMES) ?? (isNamed ? -1 : user + 1);
  return {
    user,
    organization,
    isNamed,
    ...columnsOf(first, names, { user, organization, isNamed }),
  };
}

function columnsWith(pattern, rows) {
  const found = new Set();
  for (const cells of rows) cells.forEach((cell, at) => pattern.test(cell) && found.add(at));
  return [...found].sort((a, b) => a - b);
}

function columnsOf(first, names, { user, organization, isNamed }) {
  const nameOf = (index) => {
    if (isNamed) return first[index] || `column_${index + 1}`;
    if (index === user) return "user_id";
    return index === organization ? "org_id" : `column_${index + 1}`;
  };
  const isSecret = (index) => isNamed && SECRET_NAMES.includes(names[index]);
  const all = first.map((_, index) => ({ index, name: nameOf(index) }));
  return {
    kept: all.filter(({ index }) => !isSecret(index)),
    omitted: all.filter(({ index }) => isSecret(index)).map(({ name }) => name),
  };
}

function reasonAgainst(userId, orgId, lines) {
  if (!USER.test(userId)) return "not a user ID: those begin with user_";
  if (orgId && !ORGANIZATION.test(orgId)) return "not an organization ID: those begin with org_";
  if (lines.has(userId)) return `the same user as in line ${lines.get(userId)}`;
  return undefined;
}

/** The rows with the lines they begin in; a quoted cell may have several lines. */
function parse(text) {
  const rows = [];
  let [line, at] = [1, 0];
  Papa.parse(text, {
    delimiter: delimiterOf(text),
    newline: "\n",
    step({ data, errors, meta: { cursor } }) {
      const isBroken = errors.some(({ type }) => type === "Quotes");
      rows.push({ line, cells: data.map((cell) => cell.trim()), isBroken });
      for (; at < cursor; at++) if (text[at] === "\n") line++;
    },
  });
  return rows;
}

function delimiterOf(text) {
  const [firstLine] = text.split("\n", 1);
  return [";", "\t"].find((delimiter) => firstLine.includes(delimiter)) ?? ",";
}
