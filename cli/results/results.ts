// What a results file says: the last record of each user, the runs, and a line that broke off.
import * as fs from "node:fs";

import { Failure, fileFailure } from "../errors.ts";
import type { Owner } from "./lock.ts";
import { brokeOff, linesOf, RECORD, recordOf, type ResultRecord, type State } from "./records.ts";

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

export class Results {
  users = new Map<string, User>();
  /** Why no more requests are sent: the first record could not be written normally. */
  failure?: Failure;
  /** The records that could not be written at all. */
  unwritten: ResultRecord[] = [];
  protected path;
  protected fd = -1;
  /** The problems of rows, by their lines. */
  protected notes = new Map<number, string>();
  /** The runs that have not ended. */
  protected runs = new Map<string, Owner>();
  /** The line that broke off. */
  protected broken?: { text: string; place: number };
  /** What was read: the lines, where they end, and whether the last one has a line end. */
  protected read = { lines: 0, end: 0, isWhole: true };
  #counts = new Map<State | "none", number>();

  /** Makes results that are in no file yet, or opens a file. */
  constructor(path: string, flags?: number) {
    this.path = path;
    if (flags === undefined) return;
    this.fd = fs.openSync(path, flags, 0o600);
    if (fs.fstatSync(this.fd).isFile()) return;
    fs.closeSync(this.fd);
    throw new Failure(`${path} is not a regular file`);
  }

  /** Reads a file that another process may be writing. */
  static look(path: string) {
    try {
      const results = new Results(path, fs.constants.O_RDONLY);
      results.readOn();
      return results;
    } catch (error) {
      throw fileFailure(error, path);
    }
  }

  count(state: State | "none") {
    return this.#counts.get(state) ?? 0;
  }

  /** The number of tokens that had expired when their records were read. */
  get expired() {
    const users = [...this.users.values()];
    return users.filter(({ state, isExpired }) => state === "created" && isExpired).length;
  }

  /** Whether there is a record of a user or of a row. */
  protected get hasRecords() {
    return this.#counts.size + this.notes.size > 0;
  }

  userOf(userId: string) {
    let user = this.users.get(userId);
    if (!user) this.users.set(userId, (user = { state: "none", place: 0, seen: undefined }));
    return user;
  }

  /** Records an unusable row of the list, where there is a run. */
  note(_line: number, _problem: string) {}

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
    const [line] = linesOf(this.fd, this.userOf(userId).place, RECORD);
    const record = line && recordOf(line.text);
    if (record?.user_id === userId) return record;
    throw new Failure(`${this.path} was changed during the run`);
  }

  /** Returns the last records of the first users in a state. */
  *recordsIn(state: State, most = Infinity) {
    for (const [userId, user] of this.users) {
      if (user.state !== state) continue;
      if (most-- <= 0) return;
      yield this.recordOf(userId);
    }
  }

  /** Reads the records behind those that were read. Throws if it is not a results file. */
  protected readOn() {
    for (const { text, place, end, isWhole } of linesOf(this.fd, this.read.end)) {
      const lines = this.read.lines + 1;
      this.read = { lines, end, isWhole };
      if (text === "") continue;
      const record = recordOf(text);
      if (record && (!this.broken || record.run || record.ended)) this.#take(record, place);
      // Of two, the second one is that of a run that broke off at its start.
      else if (!record && brokeOff(text, lines) && !(this.broken && isWhole))
        this.broken ??= { text, place };
      else
        throw new Failure(
          `${this.path}: line ${lines} is not a result of this command. Is this the right file?`,
        );
    }
  }

  #take({ user_id, state, line, problem, run, ended, ...record }: ResultRecord, place: number) {
    if (run) this.runs.set(run, { run, ...record });
    else if (ended) this.runs.delete(ended);
    if (line !== undefined && problem) this.notes.set(line, problem);
    if (user_id === undefined || !state) return;
    const user = this.userOf(user_id);
    this.#counts.set(user.state, this.count(user.state) - 1);
    this.#counts.set(state, this.count(state) + 1);
    Object.assign(user, { state, place });
    // Only where it is so: a million users have to fit into memory.
    if (record.org_id) user.orgId = record.org_id;
    if (record.expires_at && record.expires_at < Date.now()) user.isExpired = true;
  }
}
