// Many calls of one kind: pulls inputs one by one, starts calls no faster than the API takes them, hands out results.
import { RateLimiter, LIVE_LIMIT, TEST_LIMIT } from "./rate-limiter.js";

/** Milliseconds to wait after a 429 that does not say. */
const DEFAULT_WAIT = 1000;

/** Milliseconds that a run waits for the key before it begins. */
const KEY_WAIT = 1000;

/** The longest that a timer can run; one that is longer fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The real clock; the simulation has one of its own. */
export const CLOCK = {
  now: () => performance.now(),
  /** Calls back after `ms`; returns a function that prevents it. */
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
  /** Items to send as soon as the limiter lets them: those to repeat, and at most one that was pulled. */
  #ready = [];
  #results = [];
  #inFlight = 0;
  #pulled = 0;
  #isStarted = false;
  #isPulling = false;
  #isExhausted = false;
  #isStopped = false;
  #isOver = false;
  #failure;
  #wake = () => {};
  #change;

  /**
   * Of the options, `send(input)` makes one call without retries, `mayRetry(error)` says whether it can be made again,
   * `rateLimit` is in requests per 10 seconds, and `isLive()` says, where there is no `rateLimit`, whether it is a
   * production instance's.
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
    if (!this.#isStarted) this.#start();
    while (this.#results.length === 0 && !this.#isOver) await this.#change;
    if (this.#results.length > 0) {
      const value = this.#results.shift();
      this.#changed();
      return { done: false, value };
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

  async #start() {
    this.#isStarted = true;
    const { signal } = this.#options;
    const onAbort = () => this.#fail(signal.reason);
    try {
      signal?.addEventListener("abort", onAbort);
      if (signal?.aborted) onAbort();
      await this.#findLimit();
      await this.#dispatch();
    } catch (reason) {
      this.#fail(reason);
    }
    await this.#finish();
    try {
      signal?.removeEventListener("abort", onAbort);
    } catch {
      // A signal of another make, without it: its own affair.
    }
  }

  /** Waits a little for the key, which says what the rate limit is. Without it, the run begins at the lower one. */
  async #findLimit() {
    const { clock, isLive, rateLimit } = this.#options;
    this.#limiter = new RateLimiter(rateLimit ?? TEST_LIMIT, clock.now());
    if (rateLimit !== undefined || this.#isStopped) return;
    const change = this.#change;
    const known = (async () => {
      if (await isLive()) this.#limiter.setLimit(LIVE_LIMIT);
    })().catch(() => {}); // A key that cannot be had is reported by each call.
    await this.#pause(KEY_WAIT, Promise.race([known, change]));
  }

  /** Pulls and sends until the inputs are done with or the run is stopped. Never waits for one thing alone. */
  async #dispatch() {
    const { clock, concurrency } = this.#options;
    while (!this.#isStopped) {
      // Taken first: what follows runs the caller's code, which may itself change something.
      const change = this.#change;
      // Results that nobody has taken count too: a slow consumer slows all the rest.
      const hasRoom = this.#inFlight + this.#results.length < concurrency;
      const hasReady = this.#ready.length > 0;
      if (!hasReady && this.#isExhausted && this.#inFlight === 0) return;
      if (!hasReady && hasRoom && !this.#isExhausted && !this.#isPulling) this.#pull();
      // The limiter is asked once there is something to send: before the pull, its answer could be out of date after it.
      const wait = hasReady && hasRoom ? this.#limiter.take(clock.now()) : Infinity;
      if (wait > 0) await this.#pause(wait, change);
      else this.#send(this.#ready.shift());
    }
  }

  /** Asks for the next input, which is ready to be sent when it comes. */
  async #pull() {
    this.#isPulling = true;
    try {
      const result = await this.#inputs.next();
      if (Object(result) !== result) throw new TypeError("inputs: next() gave no object");
      const { done, value } = result;
      if (done) this.#isExhausted = true;
      else this.#ready.push({ index: this.#pulled++, input: value, tries: 0, isUnknown: false });
    } catch (reason) {
      // As in `for await`, an iterator that failed is not closed.
      this.#isExhausted = true;
      if (!this.#isStopped) this.#fail(reason);
    }
    this.#isPulling = false;
    this.#changed();
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
    const { maxRetries, mayRetry } = this.#options;
    const { index, input } = item;
    this.#tellLimiter(error);
    item.isUnknown ||= error?.outcome === "unknown";
    if (item.isUnknown && error?.outcome) error.outcome = "unknown";
    item.error = error;
    if (mayRetry(error) && item.tries++ < maxRetries) this.#ready.push(item);
    else this.#results.push({ index, input, error });
  }

  #tellLimiter(error) {
    const now = this.#options.clock.now();
    const { attempts, code, outcome, retryAfter } = error ?? {};
    if (code === "rate_limited")
      this.#limiter.refused(now, retryAfter === undefined ? DEFAULT_WAIT : retryAfter * 1000);
    else if (outcome === "unknown") this.#limiter.failed(now);
    else if (attempts === 0) this.#limiter.giveBack();
    else this.#limiter.answered();
  }

  /** Ends the run with `reason`, after what was begun. */
  #fail(reason) {
    this.#failure = { reason };
    this.#stop();
  }

  #stop() {
    this.#isStopped = true;
    this.#changed();
  }

  /** Waits for what is in flight. What would have been repeated ends with its error; what was never sent was not begun. */
  async #finish() {
    if (!this.#isExhausted) this.#close();
    while (this.#inFlight > 0) await this.#change;
    for (const { index, input, error } of this.#ready)
      if (error) this.#results.push({ index, input, error });
    this.#isOver = true;
    this.#changed();
  }

  /** Closes the inputs, without waiting for it. */
  #close() {
    (async () => this.#inputs.return?.())().catch(() => {});
  }

  /** Waits for `change`, at most for so many milliseconds. */
  async #pause(ms, change) {
    let cancel;
    const timeout = new Promise((resolve) => {
      if (ms < Infinity) cancel = this.#options.clock.after(Math.min(ms, LONGEST_TIMER), resolve);
    });
    await Promise.race([timeout, change]);
    cancel?.();
  }

  #changed() {
    this.#wake();
    this.#change = new Promise((resolve) => (this.#wake = resolve));
  }
}
