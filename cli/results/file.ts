// The results file, from which a run continues. Records are only appended, and a request is on the
// disk before it is sent.
import * as fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

import { Failure, fileFailure, isFileError, orUndefined } from "../errors.ts";
import { inUse, lifeOf, Lock, type Owner } from "./lock.ts";
import { brokeOff, linesOf, recordOf, type ResultRecord, type State } from "./records.ts";

/** The size of the largest record, rounded up. */
const RECORD = 4096;

const INTERRUPTED = "the run ended before the answer came: a token may exist that nobody holds";

/** The reason against a row whose user is in an earlier one. */
export const REPEATED = "the same user as in an earlier row";

/** What the last record of a user says. */
interface User {
  state: State | "none";
  /** Where the record is in the file. */
  place: number;
  /** The organization in this run's list, empty for none. */
  seen: string | undefined;
  orgId?: string;
  isExpired?: boolean;
}

export class ResultsFile {
  users = new Map<string, User>();
  /** Why no more requests are sent: the first record could not be written normally. */
  failure?: Failure;
  /** The records that could not be written at all. */
  unwritten: ResultRecord[] = [];
  /** Whether nobody else can read the file. */
  isPrivate = true;
  #counts = new Map<State | "none", number>();
  /** The problems of rows, by their lines. */
  #notes = new Map<number, string>();
  /** The runs that have not ended. */
  #runs = new Map<string, Owner>();
  /** The line that broke off. */
  #broken?: { text: string; place: number };
  /** What was read: the lines, where they end, and whether the last one has a line end. */
  #read = { lines: 0, end: 0, isWhole: true };
  /** Whether this run created the file, and nothing but the run itself is in it. */
  #isEmpty = false;
  /** Whether the file system has numbers that tell files apart. */
  #hasNumber = false;
  #path;
  #fd = -1;
  #lock?: Lock;

  /** Makes results that are in no file yet, or opens a file. */
  constructor(path: string, flags?: number) {
    this.#path = path;
    if (flags === undefined) return;
    this.#fd = fs.openSync(path, flags, 0o600);
    if (fs.fstatSync(this.#fd).isFile()) return;
    fs.closeSync(this.#fd);
    throw new Failure(`${path} is not a regular file`);
  }

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
      if (!isNew) fs.closeSync(new ResultsFile(path, flags).#fd);
      lock = new Lock(realPath(path), isRevoke ? 0 : (inFlight + 1) * RECORD);
      file = new ResultsFile(path, flags | O_CREAT);
      file.#isEmpty = isNew;
      file.#lock = lock;
      file.#begin(lock, isRevoke);
      return file;
    } catch (error) {
      file?.close();
      lock?.release();
      throw fileFailure(error, path);
    }
  }

  /** Reads a file that another process may be writing. */
  static look(path: string) {
    try {
      const file = new ResultsFile(path, fs.constants.O_RDONLY);
      file.#readOn();
      return file;
    } catch (error) {
      throw fileFailure(error, path);
    }
  }

  /** Returns the number of users in a state. */
  count(state: State | "none") {
    return this.#counts.get(state) ?? 0;
  }

  /** The number of tokens that had expired when their records were read. */
  get expired() {
    const users = [...this.users.values()];
    return users.filter(({ state, isExpired }) => state === "created" && isExpired).length;
  }

  userOf(userId: string) {
    let user = this.users.get(userId);
    if (!user) this.users.set(userId, (user = { state: "none", place: 0, seen: undefined }));
    return user;
  }

  /** Records that a request is about to be sent. The record is on the disk when this resolves. */
  async begin(userId: string) {
    if (this.failure) throw this.failure;
    try {
      this.#requirePresence();
      this.#append({ user_id: userId, state: "sending", at: now() });
      await promisify(fs.fdatasync)(this.#fd);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Records the result of a user. Never throws: on a full disk it uses the reserved room. */
  record(userId: string, state: State, fields?: ResultRecord) {
    const record = { user_id: userId, state, ...fields, at: now() };
    try {
      this.#append(record);
      if (fs.fstatSync(this.#fd).nlink === 0) this.unwritten.push(record);
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
  note(line: number, problem: string) {
    if (!this.#lock || this.#notes.get(line) === problem) return;
    try {
      this.#append({ line, problem });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Notes a row of the list. Returns what an earlier row with its user means; empty for none. */
  repeatOf(userId: string, orgId: string | null) {
    const user = this.userOf(userId);
    const [{ seen }, organization] = [user, orgId ?? ""];
    user.seen ??= organization;
    if (seen === undefined) return "";
    return seen === organization ? REPEATED : `${REPEATED}, with another organization`;
  }

  /** Returns the last record of a user. */
  recordOf(userId: string): ResultRecord {
    const [line] = linesOf(this.#fd, this.userOf(userId).place, RECORD);
    const record = line && recordOf(line.text);
    if (record?.user_id === userId) return record;
    throw new Failure(`${this.#path} was changed during the run`);
  }

  /** Returns the last records of the first users in a state. */
  *recordsIn(state: State, most = Infinity) {
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
      fs.fdatasyncSync(this.#fd);
    } catch (error) {
      this.#fail(error);
    }
  }

  close() {
    if (this.#fd < 0) return;
    const { run = "" } = this.#lock?.owner ?? {};
    if (this.#runs.has(run)) orUndefined(() => this.#append({ ended: run }));
    if (!this.failure) this.sync();
    fs.closeSync(this.#fd);
    this.#fd = -1;
    if (this.#isEmpty && this.#lock?.isOurs) fs.rmSync(this.#path, { force: true });
    this.#lock?.release();
  }

  #fail(error: unknown) {
    this.failure ??= fileFailure(error, this.#path);
    return this.failure;
  }

  /** @throws {Failure} if the path names another file now, or another run may begin */
  #requirePresence() {
    const own = fs.fstatSync(this.#fd, { bigint: true });
    const other = fs.statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    if (!other || own.nlink === 0n || (this.#hasNumber && other.ino !== own.ino))
      throw new Failure(`${this.#path} was deleted, renamed or replaced during the run`);
    if (!this.#lock?.exists)
      throw new Failure(`the lock of ${this.#path} was deleted during the run`);
  }

  /** Appends a record, and takes it into account as it is in the file. */
  #append(record: ResultRecord) {
    const before = this.#read.isWhole ? "" : "\n";
    try {
      fs.appendFileSync(this.#fd, `${before}${JSON.stringify(record)}\n`);
    } catch (error) {
      // Half a record must not stay: the next record would continue its line.
      fs.ftruncateSync(this.#fd, this.#read.end);
      throw error;
    }
    this.#readOn();
  }

  /** Reads the records behind those that were read. Throws if it is not a results file. */
  #readOn() {
    for (const { text, place, end, isWhole } of linesOf(this.#fd, this.#read.end)) {
      const lines = this.#read.lines + 1;
      this.#read = { lines, end, isWhole };
      if (text === "") continue;
      const record = recordOf(text);
      if (record && (!this.#broken || record.run || record.ended)) this.#take(record, place);
      // Of two, the second one is that of a run that broke off at its start.
      else if (!record && brokeOff(text, lines) && !(this.#broken && isWhole))
        this.#broken ??= { text, place };
      else
        throw new Failure(
          `${this.#path}: line ${lines} is not a result of this command. Is this the right file?`,
        );
    }
  }

  #take({ user_id, state, line, problem, run, ended, ...record }: ResultRecord, place: number) {
    if (run) this.#runs.set(run, { run, ...record });
    else if (ended) this.#runs.delete(ended);
    else this.#isEmpty = false;
    if (line !== undefined && problem) this.#notes.set(line, problem);
    if (user_id === undefined || !state) return;
    const user = this.userOf(user_id);
    this.#counts.set(user.state, this.count(user.state) - 1);
    this.#counts.set(state, this.count(state) + 1);
    Object.assign(user, { state, place });
    // Only where it is so: a million users have to fit into memory.
    if (record.org_id) user.orgId = record.org_id;
    if (record.expires_at && record.expires_at < Date.now()) user.isExpired = true;
  }

  /** Begins a run. Nothing is changed before the contents are known to be results. */
  #begin(lock: Lock, isRevoke: boolean) {
    this.#readOn();
    const number = (stats: fs.BigIntStats) => `${stats.dev}:${stats.ino}`;
    const own = number(fs.fstatSync(this.#fd, { bigint: true }));
    this.#hasNumber = own === number(fs.statSync(this.#path, { bigint: true }));
    try {
      this.#claim(lock);
      this.#keepPrivate();
      this.#mend(lock);
    } catch (error) {
      // Revoking a token again does no harm, so it needs no records.
      if (!isRevoke || !isFileError(error, "ENOSPC")) throw error;
    }
  }

  /** Claims the file by a record. Of two at the same time, the first one in the file has it. */
  #claim(lock: Lock) {
    const { run: own = "", place } = lock.owner;
    const requireNoOther = () => {
      for (const [run, owner] of this.#runs) {
        if (run === own) return;
        const life = lifeOf(owner);
        // One in doubt, whose lock was in the same place, is over: somebody deleted its lock.
        if (life === "running" || (life === "in doubt" && owner.place !== place))
          throw inUse(this.#path, owner, `add the line {"ended":"${run}"} to it`);
      }
    };
    requireNoOther();
    this.#append({ ...lock.owner, at: now() });
    requireNoOther();
    if (!this.#runs.has(own)) throw new Failure(`${this.#path} is in use`);
    lock.takeOver();
    for (const run of this.#runs.keys()) if (run !== own) this.#append({ ended: run });
  }

  /** Notes a line that broke off, and whose answers did not come before the last run ended. */
  #mend(lock: Lock) {
    if (this.#broken) {
      const { text, place } = this.#broken;
      this.#broken = undefined;
      fs.ftruncateSync(this.#fd, place);
      this.#read = { ...this.#read, end: place, isWhole: true };
      this.#append({ problem: "this line broke off", text });
      this.#append({ ...lock.owner, at: now() });
    }
    for (const [user_id, { state }] of this.users)
      if (state === "sending")
        this.#append({ user_id, state: "unknown", error: INTERRUPTED, at: now() });
  }

  /** Lets only the user read the file, which has links, where the file system can do that. */
  #keepPrivate() {
    const isOpen = () =>
      (fs.fstatSync(this.#fd).mode & 0o077) !== 0 && process.platform !== "win32";
    if (isOpen()) orUndefined(() => fs.fchmodSync(this.#fd, 0o600));
    this.isPrivate = !isOpen();
  }
}

const now = () => new Date().toISOString();

/** Returns the path of a file without links. The file need not exist. */
function realPath(path: string) {
  if (fs.existsSync(path)) return fs.realpathSync(path);
  return join(fs.realpathSync(dirname(path)), basename(path));
}
