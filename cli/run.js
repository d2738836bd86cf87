// A run of many requests: drives it, shows its progress and stops it.
import { clientFromEnv } from "./client.js";
import { NO_TIMEOUT, Watch } from "./facts.js";
import { INTERRUPTED, onInterrupt } from "./interrupt.js";
import { Progress } from "./progress.js";
import { describe } from "./words.js";

/**
 * @typedef {object} StopReason why a run stopped before its end
 * @property {"interrupt" | "key" | "network" | "file"} why
 */

export class Run {
  #stop = new AbortController();
  #watch = new Watch((reason) =>
    this.#refuse(`${this.#host} cannot be reached: ${reason}`, "network"),
  );
  #terminal;
  #failure;
  #client;
  #sent = 0;

  /**
   * @param {object} parts
   * @param {import("./terminal.js").Terminal} parts.terminal
   * @param {() => Error | undefined} parts.failure returns why nothing more may be sent
   */
  constructor({ terminal, failure }) {
    this.#terminal = terminal;
    this.#failure = failure;
    this.#client = clientFromEnv({ fetch: this.#watch.fetch });
  }

  /** Why the run stopped before its end; undefined if it did not. */
  get stopped() {
    return /** @type {StopReason | undefined} */ (this.#stop.signal.reason)?.why;
  }

  get #host() {
    return new URL(this.#client.apiUrl).host;
  }

  /**
   * Drives a run: passes each result to `take`. Ends early on an interrupt, on a refused key, where the API cannot be reached at
   * all, and when the results file cannot be written. The results of the requests in flight still come.
   *
   * @template {{ error?: import("clerk-sign-in-tokens").SignInTokensError }} Result
   * @param {object} parts
   * @param {(tokens: import("clerk-sign-in-tokens").SignInTokens, options: import("clerk-sign-in-tokens/bulk").ManyOptions) => AsyncIterable<Result>} parts.start
   * @param {import("clerk-sign-in-tokens/bulk").ManyOptions} parts.options
   * @param {(result: Result, why: string) => void} parts.take
   * @param {() => import("./progress.js").State} [parts.look] returns the progress
   * @param {() => number} parts.inFlight returns the number of requests in flight
   * @param {string} parts.lost what becomes of those in flight at a second interrupt
   */
  async drive({ start, options, take, look, inFlight, lost }) {
    const { tokens, apiUrl } = this.#client;
    const { signal } = this.#stop;
    const progress =
      look &&
      new Progress(this.#terminal, () => ({ ...look(), sent: this.#sent, note: this.#note() }));
    const off = onInterrupt(
      () => this.#interrupt(inFlight()),
      () =>
        inFlight() && this.#terminal.say(`${count(inFlight(), "request")} not awaited: ${lost}`),
    );
    progress?.start();
    try {
      for await (const result of start(tokens, { ...options, signal, timeout: NO_TIMEOUT })) {
        this.#sent++;
        const why = result.error ? describe(result.error, apiUrl) : "";
        take(result, why);
        if (result.error?.code === "unauthorized") this.#refuse(why, "key");
        if (this.#failure()) this.#abort("file");
      }
    } catch (error) {
      if (error !== signal.reason && error !== this.#failure()) throw error;
    } finally {
      progress?.stop();
      off();
    }
    if (this.#failure()) this.#abort("file");
  }

  /**
   * Returns the exit code.
   *
   * @param {boolean} isComplete whether every user and token is in the wanted state
   */
  exitCode(isComplete) {
    if (this.stopped === "interrupt") return INTERRUPTED;
    return isComplete && !this.stopped && !this.#failure() ? 0 : 1;
  }

  #note() {
    return this.stopped ? "stopping" : this.#watch.note;
  }

  /** @param {StopReason["why"]} why */
  #abort(why) {
    this.#stop.abort({ why });
  }

  /** @param {number} inFlight */
  #interrupt(inFlight) {
    this.#abort("interrupt");
    const wait = inFlight > 0 ? " once the requests in flight are answered" : "";
    this.#terminal.note(`Stopping${wait}. Press Ctrl-C again to stop at once.`);
  }

  /**
   * @param {string} message
   * @param {StopReason["why"]} why
   */
  #refuse(message, why) {
    if (this.#stop.signal.aborted) return;
    this.#abort(why);
    this.#terminal.error(`${message}. The run stops.`);
  }
}

/**
 * Asks before the first request of a run for a production instance, if somebody can answer.
 *
 * @param {import("./terminal.js").Terminal} terminal
 * @param {string} what the run does
 * @param {boolean} [isAnswered] whether --yes was given
 */
export async function mayRun(terminal, what, isAnswered) {
  if (isAnswered || clientFromEnv().instance !== "production") return true;
  return terminal.ask(`${what} in the production instance?`);
}

/**
 * Returns a text such as "1 request" or "2,000 requests".
 *
 * @param {number} number
 * @param {string} noun
 */
export function count(number, noun) {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}
