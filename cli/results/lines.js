// Reads a file line by line.
import { readSync } from "node:fs";

export const NEWLINE = 0x0a;

/**
 * Returns the lines of a file with their places. Only LF ends a line: readline also splits at U+2028, which JSON may contain.
 *
 * @param {number} fd
 */
export function* linesOf(fd) {
  let [buffer, used, place] = [Buffer.alloc(65_536), 0, 0];
  for (let length; (length = readSync(fd, buffer, used, buffer.length - used, place + used)) > 0;) {
    used += length;
    const bytes = buffer.subarray(0, used);
    let begin = 0;
    for (let end; (end = bytes.indexOf(NEWLINE, begin)) >= 0; begin = end + 1)
      yield { text: bytes.toString("utf8", begin, end), place: place + begin, isWhole: true };
    buffer.copyWithin(0, begin, used);
    used -= begin;
    place += begin;
    if (used === buffer.length) buffer = Buffer.concat([buffer, Buffer.alloc(used)]);
  }
  if (used > 0) yield { text: buffer.toString("utf8", 0, used), place, isWhole: false };
}
