// A run of many requests: drives it, shows its progress and stops it.
import { INTERRUPTED, onInterrupt } from "./interrupt.js";
import { Progress } from "./progress.js";
import { describe } from "./words.js";

/**
 * @typedef {object} StopReason why a run stopped before its end
 * @property {"interrupt" | "key" | "file"} why
 */

export class Run {
  sent = 0;
  #stop = new AbortController();
  #terminal;
  #results;
  #apiUrl = "";
  #isWaiting = false;

  /**
   * @param {object} parts
   * @param {import("./terminal.js").Terminal} parts.terminal
   * @param {import("./results/file.js").ResultsFile} parts.results
   */
  constructor({ terminal, results }) {
    this.#terminal = terminal;
    this.#results = results;
  }

  get signal() {
    return this.#stop.signal;
  }

  /** Why the run stopped before its end; undefined if it did not. */
  get stopped() {
    return /** @type {StopReason | undefined} */ (this.signal.reason)?.why;
  }

  /** The options of the client that tell the run of a 429. */
  get clientOptions() {
    return {
      onAttempt: (/** @type {import("clerk-sign-in-tokens").AttemptEvent} */ { status }) => {
        this.#isWaiting = status === 429;
      },
    };
  }

  /**
   * Drives a run: passes each result to `take`. Ends early on an interrupt, on a refused key and when the results file cannot
   * be written. The results of the requests in flight still come.
   *
   * @template {{ error?: import("clerk-sign-in-tokens").SignInTokensError }} Result
   * @param {object} parts
   * @param {(signal: AbortSignal) => AsyncIterable<Result>} parts.start
   * @param {(result: Result) => void} parts.take
   * @param {() => import("./progress.js").State} parts.look returns the progress
   * @param {() => number} parts.inFlight returns the number of requests in flight
   * @param {string} parts.apiUrl
   */
  async drive({ start, take, look, inFlight, apiUrl }) {
    this.#apiUrl = apiUrl;
    const progress = new Progress(this.#terminal, () => ({
      ...look(),
      sent: this.sent,
      note: this.#note(),
    }));
    const off = onInterrupt(() => this.#interrupt(inFlight()));
    progress.start();
    try {
      for await (const result of start(this.signal)) {
        this.sent++;
        take(result);
        if (result.error?.code === "unauthorized") this.#refuse(result.error);
        if (this.#results.failure) this.#abort("file");
      }
    } catch (error) {
      if (error !== this.signal.reason && error !== this.#results.failure) throw error;
    } finally {
      progress.stop();
      off();
    }
    if (this.#results.failure) this.#abort("file");
  }

  /**
   * Returns the exit code.
   *
   * @param {boolean} isComplete whether every user and token is in the wanted state
   */
  exitCode(isComplete) {
    if (this.stopped === "interrupt") return INTERRUPTED;
    return isComplete && !this.stopped && !this.#results.failure ? 0 : 1;
  }

  #note() {
    if (this.stopped) return "stopping";
    return this.#isWaiting ? "rate limit" : undefined;
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

  /** @param {import("clerk-sign-in-tokens").SignInTokensError} error */
  #refuse(error) {
    if (this.signal.aborted) return;
    this.#abort("key");
    this.#terminal.error(`${describe(error, this.#apiUrl)}. The run stops.`);
  }
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
