// The lines of a results file.
import { readSync } from "node:fs";

import { orUndefined } from "../errors.js";

/** The states of a user. The last record of a user counts. */
export const STATES = /** @type {const} */ ([
  /** The request may be in flight. */
  "sending",
  /** A token was created and is in the file. */
  "created",
  /** The API refused: there is no token. */
  "failed",
  /** A token may exist that nobody holds. */
  "unknown",
  /** The request was not sent, or failed for a reason that is not the user's, such as a refused key. */
  "not_sent",
  /** The token was revoked, or could not be used any more. */
  "revoked",
]);

/** @typedef {typeof STATES[number]} State */

/**
 * A line of the file: about a user, about a row of the list, about the start or the end of a run, or the text of a line that
 * broke off.
 *
 * @typedef {object} OwnFields
 * @property {string} [user_id]
 * @property {State} [state] of the user
 * @property {string} [at] an ISO date
 * @property {string} [org_id] the fields of a created token
 * @property {string} [token_id]
 * @property {string} [token]
 * @property {string} [url]
 * @property {number} [created_at] Unix time in milliseconds
 * @property {number} [expires_at] Unix time in milliseconds
 * @property {string} [error] the fields of a failure
 * @property {string} [code]
 * @property {string} [clerk_trace_id]
 * @property {number} [line] of the list
 * @property {string} [problem] why the line is unusable
 * @property {string} [text]
 * @property {string} [ended] the ID of a run
 *
 * @typedef {OwnFields & import("./lock.js").Owner} ResultRecord
 */

/** How the records begin. */
const BEGINNINGS = ['{"user_id":"', '{"line":', '{"problem":"', '{"run":"', '{"ended":"'];

const NEWLINE = 0x0a;

/**
 * Returns the record in a line; undefined if there is none.
 *
 * @param {string} text
 * @returns {ResultRecord | undefined}
 */
export function recordOf(text) {
  const record = orUndefined(() => JSON.parse(text));
  const { user_id, state, problem, run, ended } = Object(record);
  const isResult = typeof user_id === "string" && STATES.includes(state);
  return isResult || [problem, run, ended].some((field) => typeof field === "string")
    ? record
    : undefined;
}

/**
 * Returns whether a line without a record is the start of one. The first line must also begin like one.
 *
 * @param {string} text
 * @param {number} number of the line
 */
export function brokeOff(text, number) {
  if (orUndefined(() => [JSON.parse(text)])) return false;
  if (number > 1) return true;
  return BEGINNINGS.some((beginning) => beginning.startsWith(text) || text.startsWith(beginning));
}

/**
 * Returns the lines of a file from a place on. Only LF ends a line: readline also splits at U+2028, which JSON may contain.
 *
 * @param {number} fd
 * @param {number} place
 */
export function* linesOf(fd, place) {
  let [buffer, used] = [Buffer.alloc(65_536), 0];
  for (let length; (length = readSync(fd, buffer, used, buffer.length - used, place + used)) > 0;) {
    used += length;
    const bytes = buffer.subarray(0, used);
    let begin = 0;
    for (let end; (end = bytes.indexOf(NEWLINE, begin)) >= 0; begin = end + 1)
      yield {
        text: bytes.toString("utf8", begin, end),
        place: place + begin,
        end: place + end + 1,
        isWhole: true,
      };
    buffer.copyWithin(0, begin, used);
    used -= begin;
    place += begin;
    if (used === buffer.length) buffer = Buffer.concat([buffer, Buffer.alloc(used)]);
  }
  if (used > 0)
    yield { text: buffer.toString("utf8", 0, used), place, end: place + used, isWhole: false };
}
