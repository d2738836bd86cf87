// A run of many requests, of whatever kind: what stops it, how it shows its progress, and how it ends.
import { INTERRUPTED, onInterrupt } from "./interrupt.js";
import { Progress } from "./progress.js";
import { describe } from "./words.js";

export class Run {
  sent = 0;
  #stop = new AbortController();
  #terminal;
  #results;
  #apiUrl;
  #isWaiting = false;

  constructor({ terminal, results }) {
    this.#terminal = terminal;
    this.#results = results;
  }

  get signal() {
    return this.#stop.signal;
  }

  /** Why the run stopped before its end: "interrupt", "key" or "file". */
  get stopped() {
    return this.signal.reason?.why;
  }

  /** Options of the client with which the run sees that Clerk asks it to wait. */
  get clientOptions() {
    return { onAttempt: ({ status }) => (this.#isWaiting = status === 429) };
  }

  /**
   * Takes every result of what `start(signal)` iterates, and gives it to `take`. Ends early on an interrupt, on a key that is
   * refused and when the results file cannot be written; what is under way is waited for. `look()` is as Progress has it.
   */
  async drive({ start, take, look, inFlight, apiUrl }) {
    this.#apiUrl = apiUrl;
    const note = () => (this.stopped ? "stopping" : this.#isWaiting ? "rate limit" : undefined);
    const progress = new Progress(this.#terminal, () => ({
      ...look(),
      sent: this.sent,
      note: note(),
    }));
    const off = onInterrupt(() => this.#interrupt(inFlight()));
    progress.start();
    try {
      for await (const result of start(this.signal)) {
        this.sent++;
        take(result);
        if (result.error?.code === "unauthorized") this.#refuse(result.error);
        if (this.#results.failure) this.#stop.abort({ why: "file" });
      }
    } catch (error) {
      if (error !== this.signal.reason && error !== this.#results.failure) throw error;
    } finally {
      progress.stop();
      off();
    }
    if (this.#results.failure) this.#stop.abort({ why: "file" });
  }

  /** The exit code, given whether all is as it should be. */
  exitCode(isComplete) {
    if (this.stopped === "interrupt") return INTERRUPTED;
    return isComplete && !this.stopped ? 0 : 1;
  }

  #interrupt(inFlight) {
    this.#stop.abort({ why: "interrupt" });
    const wait = inFlight > 0 ? " once the requests in flight are answered" : "";
    this.#terminal.note(`Stopping${wait}. Ctrl-C again does not wait.`);
  }

  #refuse(error) {
    if (this.signal.aborted) return;
    this.#stop.abort({ why: "key" });
    this.#terminal.error(`${describe(error, this.#apiUrl)}. The run stops.`);
  }
}

/** "1 request", "2,000 requests". */
export function count(number, noun) {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}
