// The users of a list who need a token: not those who have one, nor those whom only an option retries.
import { count } from "./run.js";

/** The number of unusable rows that the terminal shows. */
const NAMED = 5;

/**
 * Prints what the operator has to know about how the list was read.
 *
 * @param {import("./input.js").Input} input
 * @param {import("./terminal.js").Terminal} terminal
 */
export function sayNotices({ name, reader }, terminal) {
  for (const notice of reader.notices) terminal.warn(`${name}: ${notice}.`);
}

export class Wanted {
  /** The rows that were read. */
  read = 0;
  /** The rows of the list, by what they are for the run. */
  counts = { users: 0, duplicates: 0, not_usable: 0, expired: 0, other_organization: 0 };
  /** Whether --limit ended the run. */
  isLimited = false;
  #parts;

  /**
   * @param {object} parts
   * @param {import("./input.js").Input} parts.input
   * @param {import("./results/file.js").ResultsFile} parts.results
   * @param {import("./terminal.js").Terminal} parts.terminal
   * @param {{ limit?: number, retryFailed?: boolean, retryUnknown?: boolean, output: string }} parts.options
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /** The counts as texts. */
  get texts() {
    const { users, duplicates, not_usable, expired, other_organization } = this.counts;
    const texts = [count(users, "user")];
    if (not_usable > 0) texts.push(`${count(not_usable, "row")} not usable`);
    if (duplicates > 0) texts.push(`${count(duplicates, "row")} repeated`);
    if (expired > 0) texts.push(`${count(expired, "token")} expired`);
    if (other_organization > 0)
      texts.push(`${count(other_organization, "token")} for another organization`);
    return texts;
  }

  /** Whether nothing in the list needs the operator's attention. */
  get isClean() {
    const { not_usable, expired, other_organization } = this.counts;
    return not_usable + expired + other_organization === 0;
  }

  async *entries() {
    const { input, terminal, options } = this.#parts;
    let left = options.limit ?? Infinity;
    for await (const entry of input.entries()) {
      if (entry.userId === undefined) this.#refuse(entry.line, entry.reason);
      else if (this.#isWanted(entry)) {
        this.isLimited = left-- <= 0;
        if (this.isLimited) return;
        this.read++;
        yield entry;
        continue;
      }
      this.read++;
    }
    if (input.isRepeatable) return;
    sayNotices(input, terminal);
    input.requireRows(this.read);
  }

  /** @param {import("../lists/users.js").User & { line: number }} entry */
  #isWanted({ line, userId, orgId }) {
    const { results, options } = this.#parts;
    const user = results.userOf(userId);
    const organization = orgId ?? "";
    if (user.seen !== undefined) {
      if (user.seen === organization) this.counts.duplicates++;
      else this.#refuse(line, "the same user as in an earlier row, with another organization");
      return false;
    }
    user.seen = organization;
    this.counts.users++;
    if (user.state === "created") {
      if (user.isExpired) this.counts.expired++;
      else if ((user.orgId ?? "") !== organization) this.counts.other_organization++;
    }
    if (user.state === "unknown" || user.state === "sending") return Boolean(options.retryUnknown);
    if (user.state === "failed") return Boolean(options.retryFailed);
    return user.state === "none" || user.state === "not_sent";
  }

  /**
   * @param {number} line
   * @param {string} reason
   */
  #refuse(line, reason) {
    const { results, terminal, options } = this.#parts;
    results.note(line, reason);
    const number = ++this.counts.not_usable;
    if (number <= NAMED) terminal.warn(`line ${line}: ${reason}`);
    if (number === NAMED + 1)
      terminal.warn(`There are more such rows. ${options.output} lists all of them.`);
  }
}
