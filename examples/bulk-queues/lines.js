// Users out of a stream of CSV (user_id, org_id) or NDJSON, line by line: memory does not grow with the upload.
import Papa from "papaparse";

/** Gives `{ line, userId, orgId }` or `{ line, reason }` for every line that is not blank. */
export async function* users(stream) {
  let columns;
  for await (const { line, text } of lines(stream)) {
    if (text.trim() === "") continue;
    if (text.trimStart().startsWith("{")) {
      yield { line, ...fromJson(text) };
      continue;
    }
    const {
      data: [cells = []],
      errors,
    } = Papa.parse(text, { delimiter: "," });
    const trimmed = cells.map((cell) => cell.trim());
    if (!columns) {
      const names = trimmed.map((cell) => cell.toLowerCase());
      const isNamed = names.includes("user_id");
      columns = isNamed
        ? { user: names.indexOf("user_id"), organization: names.indexOf("org_id") }
        : { user: 0, organization: 1 };
      if (isNamed) continue;
    }
    if (errors.some(({ type }) => type === "Quotes"))
      yield { line, reason: "a quote is not closed" };
    else yield { line, ...check(trimmed[columns.user], trimmed[columns.organization]) };
  }
}

function fromJson(text) {
  try {
    const { user_id, org_id } = JSON.parse(text);
    return check(user_id, org_id);
  } catch {
    return { reason: "not JSON" };
  }
}

function check(userId, orgId) {
  if (typeof userId !== "string" || !/^user_\w+$/.test(userId))
    return { reason: "not a user ID: those begin with user_" };
  if (orgId && !/^org_\w+$/.test(orgId))
    return { reason: "not an organization ID: those begin with org_" };
  return { userId, orgId: orgId || null };
}

/** The longest line that is taken in; a longer one is no line of users. */
const LONGEST = 4096;

async function* lines(stream) {
  let [line, rest] = [1, ""];
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split(/\r\n|\n/);
    rest = parts.pop().slice(0, LONGEST);
    for (const text of parts) yield { line: line++, text };
  }
  yield { line, text: rest };
}
