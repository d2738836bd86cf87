// The results file, from which a run continues. Records are only appended, and a request is on the disk before it is sent.
import {
  appendFileSync,
  closeSync,
  constants,
  fchmodSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  realpathSync,
} from "node:fs";
import { promisify } from "node:util";

import { Failure, fileFailure } from "../errors.js";
import { linesOf, NEWLINE } from "./lines.js";
import { lock } from "./lock.js";
import { States } from "./states.js";

/** The size of the largest record, rounded up. */
const RECORD = 4096;

const INTERRUPTED = "the run ended before the answer came: a token may exist that nobody holds";

/** @typedef {import("./states.js").State} State */

/**
 * A line of the file: about a user, about a row of the list, or the text of a line that broke off.
 *
 * @typedef {object} ResultRecord
 * @property {string} [user_id]
 * @property {State} [state] of the user
 * @property {string} [at] an ISO date
 * @property {string} [token_id] the fields of a created token
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
 */

export class ResultsFile {
  /** The state of each user in the file. */
  states = new States();
  /**
   * Why no more requests are sent: the error of the first record that could not be written normally.
   *
   * @type {Failure | undefined}
   */
  failure;
  /**
   * The records that could not be written at all.
   *
   * @type {ResultRecord[]}
   */
  unwritten = [];
  #path;
  #fd;
  #isOpen = true;
  /** @type {ReturnType<typeof lock> | undefined} */
  #lock;
  #length = 0;
  #buffer = Buffer.alloc(RECORD);

  /**
   * @param {string} path
   * @param {boolean} mustExist
   */
  constructor(path, mustExist) {
    const { O_RDWR, O_APPEND, O_CREAT } = constants;
    this.#path = path;
    this.#fd = openSync(path, O_RDWR | O_APPEND | (mustExist ? 0 : O_CREAT), 0o600);
  }

  /**
   * Opens the file at `path`, takes its lock and reads it. The lock reserves room for `inFlight` more records, so that the
   * results of the requests in flight can be written when the disk is full.
   *
   * @param {string} path
   * @param {{ inFlight: number, mustExist?: boolean }} options
   * @throws {Failure}
   */
  static open(path, { inFlight, mustExist = false }) {
    let file;
    try {
      file = new ResultsFile(path, mustExist);
      if (!fstatSync(file.#fd).isFile()) throw new Failure(`${path} is not a regular file`);
      file.#lock = lock(realpathSync(path), (inFlight + 1) * RECORD);
      file.#length = fstatSync(file.#fd).size;
      // Nothing is changed before the contents are known to be results: it may be the wrong file.
      const broken = file.#read();
      file.#keepPrivate();
      if (broken) file.#mend(broken);
      file.#endSending();
      return file;
    } catch (error) {
      file?.close();
      throw error instanceof Failure ? error : fileFailure(error, path);
    }
  }

  /**
   * Records that a request for the user is about to be sent. The record is on the disk when this resolves.
   *
   * @param {string} userId
   */
  async begin(userId) {
    if (this.failure) throw this.failure;
    try {
      this.#append({ user_id: userId, state: "sending", at: new Date().toISOString() });
      await promisify(fdatasync)(this.#fd);
    } catch (error) {
      this.failure ??= fileFailure(error, this.#path);
      throw this.failure;
    }
  }

  /**
   * Records the result of a user. Never throws: on a full disk it uses the reserved room, and sets `failure`.
   *
   * @param {string} userId
   * @param {State} state
   * @param {ResultRecord} [fields]
   */
  record(userId, state, fields) {
    const record = { user_id: userId, state, ...fields, at: new Date().toISOString() };
    try {
      this.#append(record);
    } catch (error) {
      this.failure ??= fileFailure(error, this.#path);
      this.#appendIntoRoom(record);
    }
  }

  /**
   * Records an unusable row of the list, once.
   *
   * @param {number} line
   * @param {string} problem
   */
  note(line, problem) {
    const record = { line, problem };
    if (this.states.stateOf(this.states.indexOf(keyOf(record))) === "noted") return;
    try {
      this.#append(record);
    } catch (error) {
      this.failure ??= fileFailure(error, this.#path);
    }
  }

  /**
   * Returns the record at a place; see {@link States.placeOf}.
   *
   * @param {number} place
   * @returns {ResultRecord}
   */
  recordAt(place) {
    for (;;) {
      const length = readSync(this.#fd, this.#buffer, 0, this.#buffer.length, place);
      const end = this.#buffer.subarray(0, length).indexOf(NEWLINE);
      if (end >= 0) return JSON.parse(this.#buffer.toString("utf8", 0, end));
      if (length < this.#buffer.length)
        throw new Failure(`${this.#path} was changed during the run`);
      this.#buffer = Buffer.alloc(2 * length);
    }
  }

  /**
   * Returns the last records of the first users in a state, in the order of the file.
   *
   * @param {State} state
   * @param {number} [most]
   */
  *recordsIn(state, most) {
    for (const place of this.states.placesOf(state, most)) yield this.recordAt(place);
  }

  /** Returns once all records are on the disk. Never throws: sets `failure`. */
  sync() {
    try {
      fdatasyncSync(this.#fd);
    } catch (error) {
      this.failure ??= fileFailure(error, this.#path);
    }
  }

  close() {
    if (this.#isOpen) {
      this.sync();
      closeSync(this.#fd);
    }
    this.#isOpen = false;
    this.#lock?.release();
  }

  /** @param {ResultRecord} record */
  #append(record) {
    const text = `${JSON.stringify(record)}\n`;
    try {
      appendFileSync(this.#fd, text);
    } catch (error) {
      // Half a record must not stay: the next record would continue its line.
      ftruncateSync(this.#fd, this.#length);
      throw error;
    }
    this.states.set(this.states.indexOf(keyOf(record)), record.state ?? "noted", this.#length);
    this.#length += Buffer.byteLength(text);
  }

  /** @param {ResultRecord} record */
  #appendIntoRoom(record) {
    try {
      this.#lock?.freeRoom();
      this.#append(record);
    } catch {
      this.unwritten.push(record);
    }
  }

  /** Lets only the user read the file: it contains links that sign people in. */
  #keepPrivate() {
    if ((fstatSync(this.#fd).mode & 0o077) === 0 || process.platform === "win32") return;
    fchmodSync(this.#fd, 0o600);
  }

  /**
   * Reads the records. Returns the last line if it has no line end.
   *
   * @throws {Failure} if it is not a results file
   */
  #read() {
    let number = 0;
    for (const { text, place, isWhole } of linesOf(this.#fd)) {
      number++;
      const record = parse(text);
      if (!record && (isWhole || !brokeOff(text, number)))
        throw new Failure(
          `${this.#path}: line ${number} is not a result of this command. Is this the right file?`,
        );
      if (!record || !isWhole) return { text, place, record };
      this.states.set(this.states.indexOf(keyOf(record)), record.state ?? "noted", place);
    }
    return undefined;
  }

  /**
   * Mends a last line without a line end. Either only the end is missing, or the line broke off.
   *
   * @param {{ text: string, place: number, record?: ResultRecord }} line
   */
  #mend({ text, place, record }) {
    ftruncateSync(this.#fd, place);
    this.#length = place;
    this.#append(record ?? { problem: "this line broke off", text });
  }

  /** Records the users whose answers did not come before the last run ended. */
  #endSending() {
    for (const { user_id } of [...this.recordsIn("sending")])
      this.#append({ user_id, state: "unknown", error: INTERRUPTED, at: new Date().toISOString() });
  }
}

/**
 * Returns the key of a record in {@link States}: the user, or the content of the note.
 *
 * @param {ResultRecord} record
 */
function keyOf({ user_id, line, problem, text }) {
  return user_id ?? JSON.stringify([line, problem, text]);
}

/**
 * @param {string} text
 * @returns {ResultRecord | undefined} undefined if it is not a record
 */
function parse(text) {
  try {
    const record = JSON.parse(text);
    const isResult = typeof record.user_id === "string" && RECORDED.includes(record.state);
    return isResult || typeof record.problem === "string" ? record : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns whether a last line without a line end is the start of a record. Alone in the file, it must also begin like one.
 *
 * @param {string} text
 * @param {number} number of the line
 */
function brokeOff(text, number) {
  if (isJson(text)) return false;
  if (number > 1) return true;
  return BEGINNINGS.some((beginning) => beginning.startsWith(text) || text.startsWith(beginning));
}

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** How the records of {@link ResultsFile} begin. */
const BEGINNINGS = ['{"user_id":"', '{"line":', '{"problem":"'];

const RECORDED = ["sending", "created", "failed", "unknown", "not_sent", "revoked"];
