// Reads a pasted list or a CSV file: who is in it, and which lines are no users.
import { ListReader } from "../../lists/users.js";

/** `{ users: [{ line, userId, orgId? }], problems: [{ line, text, reason }], blank }`, in the order of the lines. */
export function readList(list) {
  const reader = new ListReader();
  const [users, problems, lines] = [[], [], new Map()];
  for (const entry of [...reader.push(list), ...reader.end()]) {
    const { line, userId, orgId, text = userId } = entry;
    const reason = entry.reason ?? reasonAgainst(lines.get(userId));
    if (reason) {
      problems.push({ line, text: text.slice(0, 80), reason });
    } else {
      lines.set(userId, line);
      users.push({ line, userId, ...(orgId && { orgId }) });
    }
  }
  const blank = list.split(/\r\n|\r|\n/).filter((line) => line.trim() === "").length;
  return { users, problems, blank };
}

function reasonAgainst(earlierLine) {
  return earlierLine && `the same user as in line ${earlierLine}`;
}
