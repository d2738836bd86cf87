// Many calls of one kind: pulls inputs one by one, starts calls no faster than the API takes them, hands out results.
import { SignInTokensError } from "../error.js";
import { RateLimiter } from "./rate-limiter.js";

/** Milliseconds to wait after a 429 that does not say. */
const DEFAULT_WAIT = 1000;

/** The real clock; the simulation has one of its own. */
export const CLOCK = {
  now: () => performance.now(),
  /** Calls back after `ms`; gives a function that prevents it. */
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * An async iterator of `{ index, input, token }` and `{ index, input, error }`. Nothing happens before the first is asked
 * for. After `break` it can be iterated again: it then gives what was in flight, and ends.
 */
export class BulkRun {
  #inputs;
  #options;
  #limiter;
  #retries = [];
  #results = [];
  #inFlight = 0;
  #pulled = 0;
  #isExhausted = false;
  #isStopped = false;
  #isOver = false;
  #failure;
  #isStarted = false;
  #wake = () => {};
  #change;

  /**
   * Of the options, `send(input)` makes one call without retries, `mayRetry(error)` says whether it can be made again, and
   * `rateLimit()` gives the requests per 10 seconds.
   */
  constructor(inputs, options) {
    this.#inputs = inputs[Symbol.asyncIterator]?.() ?? inputs[Symbol.iterator]();
    this.#options = { clock: CLOCK, ...options };
    this.#changed();
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async next() {
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#dispatch();
    }
    for (;;) {
      if (this.#results.length > 0) {
        const value = this.#results.shift();
        this.#changed();
        return { done: false, value };
      }
      if (this.#isOver) break;
      await this.#change;
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.reason;
    return { done: true, value: undefined };
  }

  async return() {
    this.#stop();
    return { done: true, value: undefined };
  }

  async #dispatch() {
    const { clock, concurrency, rateLimit, signal } = this.#options;
    const onAbort = () => {
      this.#failure = { reason: signal.reason };
      this.#stop();
    };
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();
    try {
      this.#limiter = new RateLimiter(await this.#unlessStopped(rateLimit), clock.now());
      while (!this.#isStopped) {
        const hasInput = this.#retries.length > 0 || !this.#isExhausted;
        if (!hasInput && this.#inFlight === 0) break;
        // Results that nobody has taken count too: a slow consumer slows all the rest.
        const hasRoom = this.#inFlight + this.#results.length < concurrency;
        const wait = hasInput && hasRoom ? this.#limiter.take(clock.now()) : Infinity;
        if (wait > 0) {
          await this.#pause(wait);
          continue;
        }
        const item = this.#retries.shift() ?? (await this.#pull());
        if (item) this.#send(item);
        else this.#limiter.giveBack();
      }
    } catch (reason) {
      this.#failure ??= { reason };
    }
    if (!this.#isExhausted) this.#close();
    while (this.#inFlight > 0) await this.#change;
    for (const { index, input, error } of this.#retries)
      this.#results.push({ index, input, error });
    signal?.removeEventListener("abort", onAbort);
    this.#isOver = true;
    this.#changed();
  }

  /** The next input, if there is one and the run is not stopped first. */
  async #pull() {
    const result = await this.#unlessStopped(() => this.#inputs.next());
    if (result?.done) this.#isExhausted = true;
    if (!result || result.done) return undefined;
    return { index: this.#pulled++, input: result.value, tries: 0, isUnknown: false };
  }

  /** What `work` comes to, or `undefined` once the run is stopped: what belongs to the caller may take for ever. */
  async #unlessStopped(work) {
    let settled;
    const done = (async () => (settled = { value: await work() }))();
    done.catch(() => {});
    while (!settled && !this.#isStopped) await Promise.race([done, this.#change]);
    return settled?.value;
  }

  async #send(item) {
    const { index, input } = item;
    this.#inFlight++;
    try {
      const token = await this.#options.send(input);
      this.#limiter.answered();
      this.#results.push({ index, input, token });
    } catch (error) {
      this.#failed(item, error);
    }
    this.#inFlight--;
    this.#changed();
  }

  #failed(item, error) {
    const { clock, maxRetries, mayRetry } = this.#options;
    const { code, outcome, retryAfter } = error;
    if (code === "rate_limited") {
      this.#limiter.refused(
        clock.now(),
        retryAfter === undefined ? DEFAULT_WAIT : retryAfter * 1000,
      );
    } else if (outcome === "unknown") {
      this.#limiter.failed(clock.now());
    } else {
      this.#limiter.answered();
    }
    item.isUnknown ||= outcome === "unknown";
    if (item.isUnknown && error instanceof SignInTokensError) error.outcome = "unknown";
    item.error = error;
    if (mayRetry(error) && item.tries++ < maxRetries) this.#retries.push(item);
    else this.#results.push({ index: item.index, input: item.input, error });
  }

  #stop() {
    this.#isStopped = true;
    this.#changed();
  }

  /** Lets the inputs go, without waiting for them. */
  #close() {
    (async () => this.#inputs.return?.())().catch(() => {});
  }

  /** Until something changes, at most for so many milliseconds. */
  async #pause(ms) {
    let cancel;
    const timeout = new Promise((resolve) => {
      if (ms < Infinity) cancel = this.#options.clock.after(ms, resolve);
    });
    await Promise.race([timeout, this.#change]);
    cancel?.();
  }

  #changed() {
    this.#wake();
    this.#change = new Promise((resolve) => (this.#wake = resolve));
  }
}
