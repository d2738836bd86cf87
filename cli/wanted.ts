// The users of a list who need a token: not those who have one, nor whom only an option retries.
import type { User } from "../lists/users.ts";
import type { Input } from "./input.ts";
import { REPEATED, type Results } from "./results/results.ts";
import type { Terminal } from "./terminal.ts";
import { count } from "./words.ts";

/** The number of unusable rows that the terminal shows. */
const NAMED = 5;

interface Parts {
  input: Input;
  results: Results;
  terminal: Terminal;
  options: { limit?: number; retryFailed?: boolean; retryUnknown?: boolean; output: string };
}

export class Wanted {
  /** The rows that were read. */
  read = 0;
  /** The rows of the list, by what they are for the run. */
  counts = { users: 0, duplicates: 0, not_usable: 0, other_organization: 0 };
  /** Whether --limit ended the run. */
  isLimited = false;
  #parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What of the list the operator may have to look at. */
  get texts() {
    const { duplicates, not_usable, other_organization } = this.counts;
    return [
      not_usable && `${count(not_usable, "row")} not usable`,
      duplicates && `${count(duplicates, "row")} repeated`,
      other_organization && `${count(other_organization, "token")} for another organization`,
    ].filter((text) => text !== 0);
  }

  /** Whether nothing in the list needs the operator's attention. */
  get isClean() {
    return this.counts.not_usable + this.counts.other_organization === 0;
  }

  async *entries() {
    const { input, terminal, options } = this.#parts;
    let left = options.limit ?? Infinity;
    for await (const entry of input.entries()) {
      const isWanted = entry.userId !== undefined && this.#isWanted(entry);
      if (entry.userId === undefined) this.#refuse(entry.line, entry.reason);
      this.isLimited = isWanted && left-- <= 0;
      if (this.isLimited) return;
      this.read++;
      if (isWanted) yield entry;
    }
    // Those of a file were printed before.
    if (!input.isRepeatable) input.sayNotices(terminal);
  }

  #isWanted({ line, userId, orgId }: User & { line: number }) {
    const { results, options } = this.#parts;
    const repeat = results.repeatOf(userId, orgId);
    if (repeat === REPEATED) this.counts.duplicates++;
    else if (repeat) this.#refuse(line, repeat);
    if (repeat) return false;
    this.counts.users++;
    const user = results.userOf(userId);
    if (user.state === "created" && !user.isExpired && (user.orgId ?? "") !== user.seen)
      this.counts.other_organization++;
    if (user.state === "unknown" || user.state === "sending") return options.retryUnknown ?? false;
    if (user.state === "failed") return options.retryFailed ?? false;
    return user.state === "none" || user.state === "not_sent";
  }

  #refuse(line: number, reason: string) {
    const { results, terminal, options } = this.#parts;
    results.note(line, reason);
    const number = ++this.counts.not_usable;
    if (number <= NAMED) terminal.warn(`line ${line}: ${reason}`);
    if (number === NAMED + 1)
      terminal.warn(`There are more such rows. ${options.output} lists all of them.`);
  }
}
