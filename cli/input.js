// The list of users that a run reads: a file, or standard input.
import { createReadStream, fstatSync, statSync } from "node:fs";

import { users } from "../lists/users.js";
import { fileFailure, isFileError, UsageError } from "./failure.js";

export class Input {
  #path;
  #stream;

  /** `path` may be "-", standard input. */
  constructor(path) {
    this.#path = path;
    this.#stats(); // Fails here where there is no such file.
  }

  /** Whether it can be read more than once. */
  get isRepeatable() {
    return this.#path !== "-" && this.#stats().isFile();
  }

  /** Throws where `path` is the same file under whatever name; the message begins with `subject`. */
  requireOther(path, subject) {
    const own = this.#stats();
    const other = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (other && other.dev === own.dev && other.ino === own.ino && own.ino !== 0n)
      throw new UsageError(`${subject} is the list of users itself`);
  }

  /** Gives the entries of the list; see lists/users.js. */
  async *entries() {
    this.#stream = this.#path === "-" ? process.stdin : createReadStream(this.#path);
    try {
      yield* users(this.#stream);
    } catch (error) {
      throw isFileError(error) ? fileFailure(error, this.#name) : error;
    }
  }

  /** How many entries there are. */
  async count() {
    let entries = 0;
    for await (const _ of this.entries()) entries++;
    return entries;
  }

  /** Lets go of a standard input that may never end. */
  close() {
    this.#stream?.destroy();
  }

  get #name() {
    return this.#path === "-" ? "standard input" : this.#path;
  }

  #stats() {
    try {
      const options = { bigint: true };
      return this.#path === "-" ? fstatSync(0, options) : statSync(this.#path, options);
    } catch (error) {
      throw fileFailure(error, this.#name);
    }
  }
}
