// How the rows of a list become users: which column names them, what is carried along, which rows are no users.
import Papa from "papaparse";

const USER = /^user_\w+$/;
const ORGANIZATION = /^org_\w+$/;

/** The names that a column may have, in lower case without separators; the first that is there counts. */
const USER_NAMES = ["userid", "clerkuserid", "clerkid", "id", "user"];
const ORGANIZATION_NAMES = ["orgid", "organizationid"];

/** Columns of Clerk's own export that nobody should pass around. */
const SECRET_NAMES = ["passworddigest", "passwordhasher", "totpsecret", "backupcodes"];

/**
 * Reads IDs, CSV or lines of JSON: `{ users: [{ line, userId, orgId?, cells }], problems: [{ line, text, reason, cells }],
 * blank, columns, omitted }`, in the order of the lines. `cells` go with `columns`: all of the list's own but those `omitted`.
 */
export function readList(given) {
  const text = given.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const { rows, names } = /^\s*[{[]/.test(text) ? readJson(text) : readCsv(text);
  const list = { users: [], problems: [], blank: blankLines(text), ...columnsOf(names) };
  const lines = new Map();
  for (const { line, lastLine, userId, orgId, text, cells: all, ...row } of rows) {
    const cells = list.kept.map((index) => cellText(all[index]));
    const reason = row.reason ?? reasonAgainst(userId, orgId, lines);
    if (reason) {
      const end = lastLine > line ? ` (the row ends in line ${lastLine})` : "";
      list.problems.push({ line, text: text.slice(0, 80), reason: reason + end, cells });
    } else {
      lines.set(userId, line);
      list.users.push({ line, userId, ...(orgId && { orgId }), cells });
    }
  }
  return list;
}

/**
 * The first row may name the columns. Otherwise the user's is the one that holds a `user_…`, and the organization stands
 * behind it.
 */
function readCsv(text) {
  let columns;
  let names;
  const rows = [];
  for (const row of parse(text)) {
    const { cells, reason } = row;
    if (!names && !reason) {
      columns = namedColumns(cells);
      const isData = cells.length === 1 || cells.some((cell) => USER.test(cell));
      names = columns || !isData ? cells : [];
      if (columns) continue;
    }
    columns ??= unnamedColumns(cells);
    const [userId, orgId] = [cells[columns?.user ?? 0], cells[columns?.organization]];
    rows.push({ ...row, userId, orgId, reason: reason ?? columns?.reason, text: cells.join(", ") });
    if (columns?.reason) columns = undefined;
  }
  const width = Math.max(0, ...new Set(rows.map(({ cells }) => cells.length)), names?.length ?? 0);
  return {
    rows,
    names: Array.from({ length: width }, (_, at) => nameOf(at, names ?? [], columns)),
  };
}

function readJson(text) {
  const names = [];
  const rows = [];
  for (const [index, json] of text.split("\n").entries()) {
    if (json.trim() === "") continue;
    const { object, reason } = parseJson(json);
    const own = Object.keys(Object(object));
    for (const name of own) if (!names.includes(name)) names.push(name);
    const find = (wanted) => own[indexOfName(own, wanted)];
    const [userId, orgId] = [object?.[find(USER_NAMES)], object?.[find(ORGANIZATION_NAMES)]];
    rows.push({ line: index + 1, userId, orgId, reason, text: json.trim(), cells: Object(object) });
  }
  for (const row of rows) row.cells = names.map((name) => row.cells[name]);
  return { rows, names };
}

function parseJson(json) {
  if (json.trim().startsWith("["))
    return { reason: "a JSON array: write one object a line, as jq -c '.[]' does" };
  try {
    return { object: JSON.parse(json) };
  } catch {
    return { reason: "not JSON" };
  }
}

function namedColumns(cells) {
  const user = indexOfName(cells, USER_NAMES);
  return user < 0 ? undefined : { user, organization: indexOfName(cells, ORGANIZATION_NAMES) };
}

function unnamedColumns(cells) {
  const user = cells.findIndex((cell) => USER.test(cell));
  if (user < 0) return undefined;
  if (cells.some((cell, index) => index > user && USER.test(cell)))
    return { reason: "more than one column holds a user ID: name the right one user_id" };
  return { user, organization: user + 1 };
}

/** Where the first of the `wanted` names stands; -1 where none does. */
function indexOfName(names, wanted) {
  const own = names.map(plain);
  return own.indexOf(wanted.find((name) => own.includes(name)));
}

/** A name as it is compared: "User ID", "user_id" and "userId" are the same. */
function plain(name) {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}

function nameOf(index, names, columns) {
  if (names[index]) return names[index];
  if (names.length === 0 && index === columns?.user) return "user_id";
  if (names.length === 0 && index === columns?.organization) return "org_id";
  return `column ${index + 1}`;
}

/** `kept` are the indexes of the `columns`. */
function columnsOf(names) {
  const isSecret = (name) => SECRET_NAMES.includes(plain(name));
  const kept = [...names.keys()].filter((index) => !isSecret(names[index]));
  return { kept, columns: kept.map((index) => names[index]), omitted: names.filter(isSecret) };
}

function cellText(value) {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

function reasonAgainst(userId, orgId, lines) {
  if (typeof userId !== "string" || !USER.test(userId))
    return "not a user ID: those begin with user_";
  const hasOrganization = orgId !== undefined && orgId !== null && orgId !== "";
  if (hasOrganization && !(typeof orgId === "string" && ORGANIZATION.test(orgId)))
    return "not an organization ID: those begin with org_";
  if (lines.has(userId)) return `the same user as in line ${lines.get(userId)}`;
  return undefined;
}

/** The rows that are not blank, with the lines they begin and end in; a quoted cell may have several lines. */
function parse(text) {
  const rows = [];
  let [line, at] = [1, 0];
  Papa.parse(text, {
    delimiter: delimiterOf(text),
    newline: "\n",
    step({ data, errors, meta: { cursor } }) {
      const end = text[cursor - 1] === "\n" ? cursor - 1 : cursor;
      let lastLine = line;
      for (; at < end; at++) if (text[at] === "\n") lastLine++;
      const cells = data.map((cell) => cell.trim());
      const reason = errors.length > 0 ? "a quote is not closed" : undefined;
      if (reason || cells.some(Boolean)) rows.push({ line, lastLine, cells, reason });
      line = lastLine + 1;
      at = cursor;
    },
  });
  return rows;
}

/** What separates cells most often in the first line that is not blank. */
function delimiterOf(text) {
  const [first = ""] = text.match(/^.*\S.*$/m) ?? [];
  const count = (delimiter) => first.split(delimiter).length;
  return [",", ";", "\t"].reduce((a, b) => (count(b) > count(a) ? b : a));
}

function blankLines(text) {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .filter((line) => line.trim() === "").length;
}
