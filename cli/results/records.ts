// The lines of a results file.
import { readSync } from "node:fs";

import { orUndefined } from "../errors.ts";
import type { Owner } from "./lock.ts";

/** The size of the largest record, rounded up. */
export const RECORD = 4096;

/** The states of a user, in the order of a summary. The README explains them. */
export const STATES = ["created", "failed", "unknown", "not_sent", "sending", "revoked"] as const;

export type State = (typeof STATES)[number];

/** A line of the file: about a user, a row of the list, a run, or a line that broke off. */
export interface ResultRecord extends Owner {
  user_id?: string;
  state?: State;
  /** An ISO date; other times are Unix milliseconds. */
  at?: string;
  org_id?: string;
  token_id?: string;
  token?: string;
  url?: string;
  created_at?: number;
  expires_at?: number;
  error?: string;
  code?: string;
  clerk_trace_id?: string;
  /** A row of the list, and why it is unusable. */
  line?: number;
  problem?: string;
  text?: string;
  /** The ID of a run. */
  ended?: string;
}

/** Returns the record in a line; undefined if there is none. */
export function recordOf(text: string): ResultRecord | undefined {
  const record = orUndefined(() => JSON.parse(text));
  const { user_id, state, problem, run, ended } = Object(record);
  if (typeof user_id === "string" && STATES.includes(state)) return record;
  return [problem, run, ended].some((field) => typeof field === "string") ? record : undefined;
}

/** Returns whether a line may be the start of a record. */
export const brokeOff = (text: string, line: number) =>
  (line > 1 || text.startsWith("{")) && !orUndefined(() => [JSON.parse(text)]);

/** Returns the lines of a file from a place on. U+2028, at which readline splits, ends none. */
export function* linesOf(fd: number, place: number, size = 65_536) {
  let [buffer, used] = [Buffer.allocUnsafe(size), 0];
  for (let length; (length = readSync(fd, buffer, used, buffer.length - used, place + used)) > 0;) {
    used += length;
    const bytes = buffer.subarray(0, used);
    let begin = 0;
    for (let at; (at = bytes.indexOf(0x0a, begin)) >= 0; begin = at + 1) {
      const text = bytes.toString("utf8", begin, at);
      yield { text, place: place + begin, end: place + at + 1, isWhole: true };
    }
    buffer.copyWithin(0, begin, used);
    used -= begin;
    place += begin;
    if (used === buffer.length) buffer = Buffer.concat([buffer, Buffer.alloc(used)]);
  }
  const text = buffer.toString("utf8", 0, used);
  if (used > 0) yield { text, place, end: place + used, isWhole: false };
}
