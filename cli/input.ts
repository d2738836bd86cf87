// The list of users that a run reads: a file, or standard input.
import { createReadStream, fstatSync, statSync } from "node:fs";
import type { Readable } from "node:stream";

import { ListReader, users } from "../lists/index.ts";
import { fileFailure, UsageError } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

export class Input {
  /** Knows the columns of all rows, once the list was read for the first time. */
  reader = new ListReader();
  /** The path, or what stands for it in messages. */
  name;
  #path;
  #stream?: Readable;

  /** @param path "-" for standard input */
  constructor(path: string) {
    this.#path = path;
    this.name = path === "-" ? "standard input" : path;
    this.#stats();
  }

  /** Whether the list can be read more than once. */
  get isRepeatable() {
    return this.#path !== "-" && this.#stats().isFile();
  }

  /** Throws if `path` is the list itself, also under another name. `subject` starts the message. */
  requireOther(path: string, subject: string) {
    const own = this.#stats();
    const other = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (other && other.dev === own.dev && other.ino === own.ino && own.ino !== 0n)
      throw new UsageError(`${subject} is the list of users itself`);
  }

  async *entries() {
    const reader = this.#stream ? new ListReader() : this.reader;
    this.#stream = this.#path === "-" ? process.stdin : createReadStream(this.#path);
    let hasRows = false;
    try {
      for await (const entry of users(this.#stream, reader)) {
        hasRows = true;
        if (!reader.refusal) yield entry;
      }
    } catch (error) {
      throw fileFailure(error, this.name);
    }
    if (reader.refusal) throw new UsageError(`${this.name} is ${reader.refusal}`);
    if (!hasRows) throw new UsageError(`${this.name} has no rows with users`);
  }

  async count() {
    let entries = 0;
    for await (const _ of this.entries()) entries++;
    return entries;
  }

  /** Prints what the operator has to know about how the list was read. */
  sayNotices(terminal: Terminal) {
    for (const notice of this.reader.notices) terminal.warn(`${this.name}: ${notice}.`);
  }

  /** Stops reading: standard input may never end. */
  close() {
    this.#stream?.destroy();
  }

  #stats() {
    const options = { bigint: true } as const;
    try {
      return this.#path === "-" ? fstatSync(0, options) : statSync(this.#path, options);
    } catch (error) {
      throw fileFailure(error, this.name);
    }
  }
}
