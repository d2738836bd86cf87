// The results file, from which a run continues. Records are only appended, and a request is on the disk before it is sent.
import {
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { promisify } from "node:util";

import { Failure, fileFailure, orUndefined } from "../errors.js";
import { inUse, lifeOf, Lock } from "./lock.js";
import { brokeOff, linesOf, recordOf } from "./records.js";

/** The size of the largest record, rounded up. */
const RECORD = 4096;

const INTERRUPTED = "the run ended before the answer came: a token may exist that nobody holds";

/**
 * @typedef {import("./records.js").ResultRecord} ResultRecord
 * @typedef {import("./records.js").State} State
 * @typedef {import("./lock.js").Owner} Owner
 *
 * @typedef {object} User what the last record of a user says
 * @property {State | "none"} state
 * @property {number} place of the record
 * @property {string | undefined} seen the organization in this run's list, empty for none
 * @property {string} [orgId] of the token
 * @property {boolean} [isExpired]
 */

export class ResultsFile {
  /** @type {Map<string, User>} */
  users = new Map();
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
  /** Whether nobody else can read the file. */
  isPrivate = true;
  /** @type {Map<State | "none", number>} */
  #counts = new Map();
  /** @type {Map<number, string>} the problems of rows, by their lines */
  #notes = new Map();
  /** @type {Map<string, Owner>} the runs that have not ended */
  #runs = new Map();
  /** @type {{ text: string, place: number, line: number, isEnd: boolean } | undefined} the line that broke off */
  #broken;
  #path;
  #fd = -1;
  #isNew = false;
  #isOpen = true;
  /** @type {Lock | undefined} */
  #lock;
  #endsInLine = true;
  /** Whether the file system has numbers that tell files apart. */
  #hasNumber = false;
  #lines = 0;
  #end = 0;
  /** The number of records but for those of runs. */
  #size = 0;
  #buffer = Buffer.alloc(RECORD);

  /**
   * Makes results that are in no file yet.
   *
   * @param {string} path
   * @param {number} [flags] opens the file
   */
  constructor(path, flags) {
    this.#path = path;
    if (flags === undefined) return;
    this.#isNew = !existsSync(path);
    this.#fd = openSync(path, flags, 0o600);
    if (fstatSync(this.#fd).isFile()) return;
    closeSync(this.#fd);
    throw new Failure(`${path} is not a regular file`);
  }

  /**
   * Opens the file at `path`, takes its lock and reads it. The lock reserves room for `inFlight` more records, so that the
   * results of the requests in flight can be written when the disk is full; it may do without if `isRevoke`.
   *
   * @param {string} path
   * @param {{ inFlight: number, isRevoke?: boolean }} options
   * @throws {Failure}
   */
  static open(path, { inFlight, isRevoke = false }) {
    const { O_RDWR, O_APPEND, O_CREAT } = constants;
    let file;
    try {
      file = new ResultsFile(path, O_RDWR | O_APPEND | (isRevoke ? 0 : O_CREAT));
      const room = (inFlight + 1) * RECORD;
      file.#lock = new Lock(realpathSync(path), { room, needsRoom: !isRevoke });
      // Nothing is changed before the contents are known to be results: it may be the wrong file.
      file.#read();
      file.#hasNumber =
        statSync(path, { bigint: true }).ino === fstatSync(file.#fd, { bigint: true }).ino;
      file.#begin(file.#lock, isRevoke);
      return file;
    } catch (error) {
      file?.close();
      throw error instanceof Failure ? error : fileFailure(error, path);
    }
  }

  /**
   * Reads a file that another process may be writing.
   *
   * @param {string} path
   * @throws {Failure}
   */
  static look(path) {
    try {
      const file = new ResultsFile(path, constants.O_RDONLY);
      file.#read();
      return file;
    } catch (error) {
      throw error instanceof Failure ? error : fileFailure(error, path);
    }
  }

  /**
   * Returns the number of users in a state.
   *
   * @param {State} state
   */
  count(state) {
    return this.#counts.get(state) ?? 0;
  }

  /**
   * Returns what is known of a user.
   *
   * @param {string} userId
   */
  userOf(userId) {
    let user = this.users.get(userId);
    if (!user) this.users.set(userId, (user = { state: "none", place: 0, seen: undefined }));
    return user;
  }

  /**
   * Records that a request for the user is about to be sent. The record is on the disk when this resolves.
   *
   * @param {string} userId
   */
  async begin(userId) {
    if (this.failure) throw this.failure;
    try {
      this.#requirePresence();
      this.#append({ user_id: userId, state: "sending", at: new Date().toISOString() });
      await promisify(fdatasync)(this.#fd);
    } catch (error) {
      this.failure ??= error instanceof Failure ? error : fileFailure(error, this.#path);
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
      if (fstatSync(this.#fd).nlink === 0) this.unwritten.push(record);
    } catch (error) {
      this.failure ??= fileFailure(error, this.#path);
      // A token that was revoked is found so by the next run.
      if (state !== "revoked") this.#appendIntoRoom(record);
    }
  }

  /**
   * Records an unusable row of the list, once.
   *
   * @param {number} line
   * @param {string} problem
   */
  note(line, problem) {
    if (!this.#lock || this.#notes.get(line) === problem) return;
    try {
      this.#append({ line, problem });
    } catch (error) {
      this.failure ??= fileFailure(error, this.#path);
    }
  }

  /**
   * Returns the last record of a user. Another process that tried to write the file may have moved it down by its own.
   *
   * @param {string} userId
   * @returns {ResultRecord}
   */
  recordOf(userId) {
    const { place } = this.userOf(userId);
    for (;;) {
      const length = readSync(this.#fd, this.#buffer, 0, this.#buffer.length, place);
      const bytes = this.#buffer.subarray(0, length);
      for (let begin = 0, end; (end = bytes.indexOf("\n", begin)) >= 0; begin = end + 1) {
        const record = recordOf(bytes.toString("utf8", begin, end));
        if (record?.user_id === userId) return record;
      }
      if (length < this.#buffer.length)
        throw new Failure(`${this.#path} was changed during the run`);
      this.#buffer = Buffer.alloc(2 * length);
    }
  }

  /**
   * Returns the last records of the first users in a state, in the order of their first records.
   *
   * @param {State} state
   */
  *recordsIn(state, most = Infinity) {
    for (const [userId, user] of this.users) {
      if (user.state !== state) continue;
      if (most-- <= 0) return;
      yield this.recordOf(userId);
    }
  }

  /** Returns once all records are on the disk. Never throws: sets `failure`. */
  sync() {
    try {
      this.#requirePresence();
      fdatasyncSync(this.#fd);
    } catch (error) {
      this.failure ??= error instanceof Failure ? error : fileFailure(error, this.#path);
    }
  }

  close() {
    if (this.#isOpen) {
      const { run = "" } = this.#lock?.owner ?? {};
      if (this.#runs.has(run)) orUndefined(() => this.#append({ ended: run }));
      if (!this.failure) this.sync();
      closeSync(this.#fd);
      // Nothing but the run itself is in it.
      if (this.#isNew && this.#size === 0) rmSync(this.#path, { force: true });
    }
    this.#isOpen = false;
    this.#lock?.release();
  }

  /** @throws {Failure} if the path names another file now, or another run may begin */
  #requirePresence() {
    if (!this.#lock) return;
    const options = { bigint: true, throwIfNoEntry: false };
    const [own, now] = [fstatSync(this.#fd, { bigint: true }), statSync(this.#path, options)];
    if (!now || own.nlink === 0n || (this.#hasNumber && now.ino !== own.ino))
      throw new Failure(`${this.#path} was deleted, renamed or replaced during the run`);
    if (!this.#lock.exists)
      throw new Failure(`the lock of ${this.#path} was deleted during the run`);
  }

  /** @param {ResultRecord} record */
  #append(record) {
    const text = `${this.#endsInLine ? "" : "\n"}${JSON.stringify(record)}\n`;
    const place = fstatSync(this.#fd).size;
    try {
      appendFileSync(this.#fd, text);
    } catch (error) {
      // Half a record must not stay: the next record would continue its line.
      ftruncateSync(this.#fd, place);
      throw error;
    }
    this.#take(record, place + (this.#endsInLine ? 0 : 1));
    this.#endsInLine = true;
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

  /**
   * Takes a record into account.
   *
   * @param {ResultRecord} record
   * @param {number} place
   */
  #take({ user_id, state, line, problem, run, ended, ...record }, place) {
    if (!run && !ended) this.#size++;
    if (run) this.#runs.set(run, { run, ...record });
    if (ended) this.#runs.delete(ended);
    if (line !== undefined && problem) this.#notes.set(line, problem);
    if (user_id === undefined || !state) return;
    const user = this.userOf(user_id);
    this.#counts.set(user.state, this.count(/** @type {State} */ (user.state)) - 1);
    this.#counts.set(state, this.count(state) + 1);
    Object.assign(user, { state, place });
    // Only where it is so: a million users have to fit into memory.
    if (record.org_id) user.orgId = record.org_id;
    if (record.expires_at && record.expires_at < Date.now()) user.isExpired = true;
  }

  /**
   * Reads the records behind those that were read.
   *
   * @throws {Failure} if it is not a results file
   */
  #read() {
    for (const { text, place, end, isWhole } of linesOf(this.#fd, this.#end)) {
      this.#lines++;
      this.#endsInLine = isWhole;
      this.#end = end;
      if (text === "") continue;
      const record = recordOf(text);
      const isOfRun = Boolean(record?.run ?? record?.ended);
      if (record && (!this.#broken || isOfRun)) this.#take(record, place);
      else if (record || this.#broken || !brokeOff(text, this.#lines))
        throw this.#notResults(this.#lines);
      else this.#broken = { text, place, line: this.#lines, isEnd: !isWhole };
      // Another run may have begun behind a line that broke off, but recorded nothing.
      if (isOfRun && this.#broken) this.#broken.isEnd = true;
    }
    if (this.#broken?.isEnd === false) throw this.#notResults(this.#broken.line);
  }

  /** @param {number} line */
  #notResults(line) {
    return new Failure(
      `${this.#path}: line ${line} is not a result of this command. Is this the right file?`,
    );
  }

  /**
   * Begins a run. A revoke can do without records of its own: revoking a token again does no harm.
   *
   * @param {Lock} lock
   * @param {boolean} isRevoke
   */
  #begin(lock, isRevoke) {
    try {
      this.#claim(lock);
      this.#keepPrivate();
      this.#mend();
    } catch (error) {
      if (!isRevoke || /** @type {NodeJS.ErrnoException} */ (error).code !== "ENOSPC") throw error;
    }
  }

  /**
   * Claims the file with a record in it. Of two that do so at the same time, the first one in the file has it.
   *
   * @param {Lock} lock
   */
  #claim(lock) {
    this.#requireNoOther(lock);
    this.#append({ ...lock.owner, at: new Date().toISOString() });
    this.#runs.delete(lock.owner.run ?? "");
    this.#read();
    this.#requireNoOther(lock);
    lock.take();
    for (const run of [...this.#runs.keys()])
      if (run !== lock.owner.run) this.#append({ ended: run });
  }

  /**
   * @param {Lock} lock
   * @throws {Failure} if another run may have claimed the file before
   */
  #requireNoOther({ owner: own }) {
    for (const [run, owner] of this.#runs) {
      if (run === own.run) return;
      const life = lifeOf(owner);
      // One in doubt, whose lock was in the same place, is over: somebody deleted its lock.
      if (life === "running" || (life === "in doubt" && owner.place !== own.place))
        throw inUse(this.#path, owner, `add the line {"ended":"${run}"} to it`);
    }
  }

  /** Replaces a line that broke off by a note, and records the users whose answers did not come before the last run ended. */
  #mend() {
    if (this.#broken) {
      const { text, place } = this.#broken;
      ftruncateSync(this.#fd, place);
      this.#append({ problem: "this line broke off", text });
      this.#append({ ...this.#lock?.owner, at: new Date().toISOString() });
    }
    for (const { user_id } of [...this.recordsIn("sending")])
      this.#append({ user_id, state: "unknown", error: INTERRUPTED, at: new Date().toISOString() });
  }

  /** Lets only the user read the file: it contains links that sign people in. Not every file system can do that. */
  #keepPrivate() {
    if ((fstatSync(this.#fd).mode & 0o077) === 0 || process.platform === "win32") return;
    this.isPrivate = orUndefined(() => [fchmodSync(this.#fd, 0o600)]) !== undefined;
  }
}
