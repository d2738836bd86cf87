// The list of users that a run reads: a file, or standard input.
import { createReadStream, fstatSync, statSync } from "node:fs";

import { ListReader, users } from "../lists/index.js";
import { fileFailure, isFileError, UsageError } from "./errors.js";

export class Input {
  /** Reads the list, and knows its columns after that. */
  reader = new ListReader();
  /** The reader of {@link Input.count}, which knows the columns of all rows. */
  counted = this.reader;
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

  get name() {
    return this.#path === "-" ? "standard input" : this.#path;
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
  async *entries() {
    this.reader = new ListReader();
    this.#stream = this.#path === "-" ? process.stdin : createReadStream(this.#path);
    try {
      yield* users(this.#stream, this.reader);
    } catch (error) {
      throw isFileError(error) ? fileFailure(error, this.name) : error;
    }
    if (this.reader.refusal) throw new UsageError(`${this.name} is ${this.reader.refusal}`);
  }

  /**
   * Returns the number of entries.
   *
   * @throws {UsageError} if there are none
   */
  async count() {
    let entries = 0;
    for await (const _ of this.entries()) entries++;
    this.counted = this.reader;
    this.requireRows(entries);
    return entries;
  }

  /** @param {number} entries */
  requireRows(entries) {
    if (entries === 0) throw new UsageError(`${this.name} has no rows with users`);
  }

  /** Stops reading: standard input may never end. */
  close() {
    this.#stream?.destroy();
  }

  #stats() {
    const options = /** @type {const} */ ({ bigint: true });
    try {
      return this.#path === "-" ? fstatSync(0, options) : statSync(this.#path, options);
    } catch (error) {
      throw fileFailure(error, this.name);
    }
  }
}
