// The list of users that a run reads: a file, or standard input.
import { createReadStream, fstatSync, statSync } from "node:fs";

import { ListReader, users } from "../lists/index.js";
import { fileFailure, isFileError, UsageError } from "./errors.js";

export class Input {
  #path;
  /** @type {import("node:stream").Readable | undefined} */
  #stream;

  /**
   * @param {string} path "-" for standard input
   * @throws {import("./errors.js").Failure} if there is no such file
   */
  constructor(path) {
    this.#path = path;
    this.#stats();
  }

  /** Whether the list can be read more than once. */
  get isRepeatable() {
    return this.#path !== "-" && this.#stats().isFile();
  }

  /**
   * Throws if `path` is the list itself, also under another name.
   *
   * @param {string} path
   * @param {string} subject the start of the message
   */
  requireOther(path, subject) {
    const own = this.#stats();
    const other = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (other && other.dev === own.dev && other.ino === own.ino && own.ino !== 0n)
      throw new UsageError(`${subject} is the list of users itself`);
  }

  /** Returns the entries of the list; see lists/users.js. */
  async *entries(reader = new ListReader()) {
    this.#stream = this.#path === "-" ? process.stdin : createReadStream(this.#path);
    try {
      yield* users(this.#stream, reader);
    } catch (error) {
      throw isFileError(error) ? fileFailure(error, this.#name) : error;
    }
  }

  /** Reads the whole list. Returns the number of its entries, and the reader, which knows the columns. */
  async survey() {
    const reader = new ListReader();
    let rows = 0;
    for await (const _ of this.entries(reader)) rows++;
    return { rows, reader };
  }

  /** Stops reading: standard input may never end. */
  close() {
    this.#stream?.destroy();
  }

  get #name() {
    return this.#path === "-" ? "standard input" : this.#path;
  }

  #stats() {
    const options = /** @type {const} */ ({ bigint: true });
    try {
      return this.#path === "-" ? fstatSync(0, options) : statSync(this.#path, options);
    } catch (error) {
      throw fileFailure(error, this.#name);
    }
  }
}
