// The results file: the one truth about a run. Records are only ever appended; what was begun is on the disk before it is sent.
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

import { Failure, fileFailure } from "../failure.js";
import { lock } from "./lock.js";
import { States } from "./states.js";

/** More than one record takes. */
const RECORD = 4096;

const NEWLINE = 0x0a;

const INTERRUPTED = "the run ended before the answer came: a token may exist that nobody holds";

export class ResultsFile {
  /** What the file says of each user. */
  states = new States();
  /** Why nothing more is sent: the error of the first record that could not be written as it should be. */
  failure;
  /** The records that could not be written at all. */
  unwritten = [];
  #path;
  #fd;
  #lock;
  #length;
  #buffer = Buffer.alloc(RECORD);

  /**
   * Opens the file at `path`, which has to be free and ours alone, and reads it. There is always room for `inFlight` more
   * records, so what is under way when the disk fills up can still be noted.
   */
  static open(path, { inFlight, mustExist = false }) {
    const file = new ResultsFile();
    file.#path = path;
    try {
      const { O_RDWR, O_APPEND, O_CREAT } = constants;
      file.#fd = openSync(path, O_RDWR | O_APPEND | (mustExist ? 0 : O_CREAT), 0o600);
      file.#keepPrivate();
      file.#lock = lock(realpathSync(path), (inFlight + 1) * RECORD);
      file.#length = fstatSync(file.#fd).size;
      file.#read();
    } catch (error) {
      file.close();
      throw error instanceof Failure ? error : fileFailure(error, path);
    }
    return file;
  }

  /** Notes that a request for the user is about to be sent. It is on the disk when this resolves. */
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

  /** Notes what came of a user. Never throws: where there is no room, it takes the one that was kept, and sets `failure`. */
  record(userId, state, fields) {
    const record = { user_id: userId, state, ...fields, at: new Date().toISOString() };
    try {
      this.#append(record);
    } catch (error) {
      this.failure ??= fileFailure(error, this.#path);
      this.#appendIntoRoom(record);
    }
  }

  /** Notes once that a row of the input was of no use. */
  note(line, problem) {
    const record = { line, problem };
    if (this.states.stateOf(this.states.indexOf(keyOf(record))) === "noted") return;
    try {
      this.#append(record);
    } catch (error) {
      this.failure ??= fileFailure(error, this.#path);
    }
  }

  /** The record at a place that `states` gives. */
  recordAt(place) {
    for (;;) {
      const length = readSync(this.#fd, this.#buffer, 0, this.#buffer.length, place);
      const end = this.#buffer.subarray(0, length).indexOf(NEWLINE);
      if (end >= 0) return JSON.parse(this.#buffer.toString("utf8", 0, end));
      if (length < this.#buffer.length) throw new Failure(`${this.#path} was changed meanwhile`);
      this.#buffer = Buffer.alloc(2 * length);
    }
  }

  /** Every user's last record that is in `state`, in the file's order; `most` at the most. */
  *recordsIn(state, most) {
    for (const place of this.states.placesOf(state, most)) yield this.recordAt(place);
  }

  close() {
    if (this.#fd !== undefined) {
      try {
        fdatasyncSync(this.#fd);
      } catch (error) {
        this.failure ??= fileFailure(error, this.#path);
      }
      closeSync(this.#fd);
    }
    this.#fd = undefined;
    this.#lock?.release();
  }

  #append(record) {
    const text = `${JSON.stringify(record)}\n`;
    try {
      appendFileSync(this.#fd, text);
    } catch (error) {
      // Half a record must not stay: the next would continue its line.
      ftruncateSync(this.#fd, this.#length);
      throw error;
    }
    this.states.set(this.states.indexOf(keyOf(record)), record.state ?? "noted", this.#length);
    this.#length += Buffer.byteLength(text);
  }

  #appendIntoRoom(record) {
    try {
      this.#lock.freeRoom();
      this.#append(record);
    } catch {
      this.unwritten.push(record);
    }
  }

  /** It is full of live links. */
  #keepPrivate() {
    const stats = fstatSync(this.#fd);
    if (!stats.isFile()) throw new Failure(`${this.#path} is not a regular file`);
    if ((stats.mode & 0o077) === 0 || process.platform === "win32") return;
    fchmodSync(this.#fd, 0o600);
  }

  #read() {
    let number = 0;
    for (const { text, place, isWhole } of linesOf(this.#fd)) {
      number++;
      const record = parse(text);
      if (record && isWhole)
        this.states.set(this.states.indexOf(keyOf(record)), record.state ?? "noted", place);
      else if (isWhole)
        throw new Failure(
          `${this.#path}: line ${number} is no result of this command. Is it the right file?`,
        );
      else this.#mend(text, place, record);
    }
    // The last run ended before their answers came.
    for (const { user_id } of [...this.recordsIn("sending")])
      this.#append({ user_id, state: "unknown", error: INTERRUPTED, at: new Date().toISOString() });
  }

  /** The last line has no end: only that is missing, or the run broke off in the middle of it. */
  #mend(text, place, record) {
    ftruncateSync(this.#fd, place);
    this.#length = place;
    this.#append(record ?? { problem: "this line broke off", text });
  }
}

/** A record is about a user or a row of the input. */
function keyOf({ user_id, line, problem, text }) {
  return user_id ?? JSON.stringify([line, problem, text]);
}

function parse(text) {
  try {
    const record = JSON.parse(text);
    const isResult = typeof record.user_id === "string" && RECORDED.includes(record.state);
    return isResult || typeof record.problem === "string" ? record : undefined;
  } catch {
    return undefined;
  }
}

const RECORDED = ["sending", "created", "failed", "unknown", "not_sent", "revoked"];

/** The lines of a file and where they begin. Only LF ends a line: JSON may hold U+2028, at which readline ends one. */
function* linesOf(fd) {
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
