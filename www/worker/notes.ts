// Reads the reason for a request, and the run that it belongs to, from a header.
import { NOTES, type Notes } from "../contract.ts";
import type { Context } from "./context.ts";

const LONGEST = 200;

/** Sign-in links, tickets and keys: the history must not hold them. */
const SECRET = /ticket=|eyJ[\w-]{10}|sk_(live|test)_/;

export const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Returns the notes, or why they cannot be kept. */
export function notesIn(c: Context): Notes | { problem: string } {
  const given = new URLSearchParams(c.req.header(NOTES));
  const text = (name: keyof Notes) => given.get(name)?.trim() || undefined;
  const notes = { reason: text("reason"), runId: text("runId"), fileName: text("fileName") };
  for (const [name, value] of Object.entries({
    reason: notes.reason,
    "file's name": notes.fileName,
  })) {
    if (value && value.length > LONGEST)
      return { problem: `The ${name} must be ${LONGEST} characters or less.` };
    if (value && SECRET.test(value))
      return { problem: `The ${name} contains a sign-in link, a token or a key. Remove it.` };
  }
  if (notes.runId && !UUID.test(notes.runId)) return { problem: "The run's ID must be a UUID." };
  return notes;
}
