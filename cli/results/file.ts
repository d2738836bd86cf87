// Writes the results file, from which a run continues. Records are only appended, and a request is
// on the disk before it is sent.
import * as fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

import { Failure, fileFailure, isFileError, orUndefined } from "../errors.ts";
import { inUse, lifeOf, Lock } from "./lock.ts";
import { RECORD, type ResultRecord, type State } from "./records.ts";
import { Results } from "./results.ts";

const INTERRUPTED = "the run ended before the answer came: a token may exist";

export class ResultsFile extends Results {
  /** Whether nobody else can read the file. */
  isPrivate = true;
  #isNew = false;
  /** Whether the file system has numbers that tell files apart. */
  #hasNumber = false;
  #lock?: Lock;

  /**
   * Takes the lock of a file, opens it and reads it. The lock reserves room for `inFlight` more
   * records, so that their results can be written on a full disk. A revoke can do without.
   */
  static open(path: string, inFlight: number, isRevoke = false) {
    const { O_RDWR, O_APPEND, O_CREAT } = fs.constants;
    const flags = O_RDWR | O_APPEND;
    let file, lock;
    try {
      const isNew = !isRevoke && !fs.existsSync(path);
      if (!isNew) fs.closeSync(new ResultsFile(path, flags).fd);
      lock = new Lock(realPath(path), isRevoke ? 0 : (inFlight + 1) * RECORD);
      file = new ResultsFile(path, flags | O_CREAT);
      file.#isNew = isNew;
      file.#lock = lock;
      file.#begin(lock, isRevoke);
      return file;
    } catch (error) {
      file?.close();
      lock?.release();
      throw fileFailure(error, path);
    }
  }

  /** Records that a request is about to be sent. The record is on the disk when this resolves. */
  async begin(userId: string) {
    if (this.failure) throw this.failure;
    try {
      this.#requirePresence();
      this.#append({ user_id: userId, state: "sending", at: now() });
      await promisify(fs.fdatasync)(this.fd);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Records the result of a user. Never throws: on a full disk it uses the reserved room. */
  record(userId: string, state: State, fields?: ResultRecord) {
    const record = { user_id: userId, state, ...fields, at: now() };
    try {
      this.#append(record);
      if (fs.fstatSync(this.fd).nlink === 0) this.unwritten.push(record);
    } catch (error) {
      this.#fail(error);
      // The next run finds out that a token was revoked.
      if (state === "revoked") return;
      try {
        this.#lock?.freeRoom();
        this.#append(record);
      } catch {
        this.unwritten.push(record);
      }
    }
  }

  /** Records an unusable row of the list, once. */
  override note(line: number, problem: string) {
    if (this.notes.get(line) === problem) return;
    try {
      this.#append({ line, problem });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Returns once all records are on the disk. Never throws: sets `failure`. */
  sync() {
    try {
      this.#requirePresence();
      fs.fdatasyncSync(this.fd);
    } catch (error) {
      this.#fail(error);
    }
  }

  close() {
    if (this.fd < 0) return;
    const { run = "" } = this.#lock?.owner ?? {};
    if (this.runs.has(run)) orUndefined(() => this.#append({ ended: run }));
    if (!this.failure) this.sync();
    fs.closeSync(this.fd);
    this.fd = -1;
    if (this.#isNew && !this.hasRecords && this.#lock?.isOurs)
      fs.rmSync(this.path, { force: true });
    this.#lock?.release();
  }

  #fail(error: unknown) {
    this.failure ??= fileFailure(error, this.path);
    return this.failure;
  }

  /** @throws {Failure} if the path names another file now, or another run may begin */
  #requirePresence() {
    const own = fs.fstatSync(this.fd, { bigint: true });
    const other = fs.statSync(this.path, { bigint: true, throwIfNoEntry: false });
    if (!other || own.nlink === 0n || (this.#hasNumber && other.ino !== own.ino))
      throw new Failure(`${this.path} was deleted, renamed or replaced during the run`);
    // Who deletes the lock may start another run.
    if (!this.#lock || !fs.existsSync(this.#lock.path))
      throw new Failure(`the lock of ${this.path} was deleted during the run`);
  }

  /** Appends a record, and takes it into account as it is in the file. */
  #append(record: ResultRecord) {
    const before = this.read.isWhole ? "" : "\n";
    try {
      fs.appendFileSync(this.fd, `${before}${JSON.stringify(record)}\n`);
    } catch (error) {
      // Half a record must not stay: the next record would continue its line.
      fs.ftruncateSync(this.fd, this.read.end);
      throw error;
    }
    this.readOn();
  }

  /** Begins a run. Nothing is changed before the contents are known to be results. */
  #begin(lock: Lock, isRevoke: boolean) {
    this.readOn();
    const number = (stats: fs.BigIntStats) => `${stats.dev}:${stats.ino}`;
    const own = number(fs.fstatSync(this.fd, { bigint: true }));
    this.#hasNumber = own === number(fs.statSync(this.path, { bigint: true }));
    try {
      this.#claim(lock);
      this.#keepPrivate();
      this.#repair(lock);
    } catch (error) {
      // Revoking a token again does no harm, so it needs no records.
      if (!isRevoke || !isFileError(error, "ENOSPC")) throw error;
    }
  }

  /** Claims the file by a record. Of two at the same time, the first one in the file has it. */
  #claim(lock: Lock) {
    const { run: own = "", place } = lock.owner;
    const requireNoOther = () => {
      for (const [run, owner] of this.runs) {
        if (run === own) return;
        const life = lifeOf(owner);
        // One in doubt, whose lock was in the same place, is over: somebody deleted its lock.
        if (life === "running" || (life === "in doubt" && owner.place !== place))
          throw inUse(this.path, owner, `add the line {"ended":"${run}"} to it`);
      }
    };
    requireNoOther();
    this.#append({ ...lock.owner, at: now() });
    requireNoOther();
    if (!this.runs.has(own)) throw new Failure(`${this.path} is in use`);
    lock.takeOver();
    for (const run of this.runs.keys()) if (run !== own) this.#append({ ended: run });
  }

  /** Records a line that broke off, and the users whose answers the last run did not wait for. */
  #repair(lock: Lock) {
    if (this.broken) {
      const { text, place } = this.broken;
      this.broken = undefined;
      fs.ftruncateSync(this.fd, place);
      this.read = { ...this.read, end: place, isWhole: true };
      this.#append({ problem: "this line broke off", text });
      this.#append({ ...lock.owner, at: now() });
    }
    for (const [user_id, { state }] of this.users)
      if (state === "sending")
        this.#append({ user_id, state: "unknown", error: INTERRUPTED, at: now() });
  }

  /** Lets only the user read the file, which has links, where the file system can do that. */
  #keepPrivate() {
    const isOpen = () => (fs.fstatSync(this.fd).mode & 0o077) !== 0 && process.platform !== "win32";
    if (isOpen()) orUndefined(() => fs.fchmodSync(this.fd, 0o600));
    this.isPrivate = !isOpen();
  }
}

const now = () => new Date().toISOString();

/** Returns the path of a file without links. The file need not exist. */
function realPath(path: string) {
  if (fs.existsSync(path)) return fs.realpathSync(path);
  return join(fs.realpathSync(dirname(path)), basename(path));
}
