// Runs many calls of one kind: pulls inputs one by one, sends requests no faster than the rate limit, returns results.
import { RateLimiter, LIVE_LIMIT, TEST_LIMIT } from "./rate-limiter.js";

/** @typedef {import("clerk-sign-in-tokens").SignInTokensError} SignInTokensError */

/**
 * @template Input
 * @typedef {Iterable<Input> | AsyncIterable<Input>} Inputs
 */

/**
 * @template Input
 * @typedef {import("clerk-sign-in-tokens/bulk").ManyResult<Input>} Result
 */

/**
 * An input that was pulled, with the state of its calls.
 *
 * @template Input
 * @typedef {object} Item
 * @property {number} index
 * @property {Input} input
 * @property {number} tries
 * @property {boolean} isUnknown whether an earlier request may have taken effect
 * @property {SignInTokensError} [error] of the last call
 */

/**
 * @template Input
 * @typedef {object} Options
 * @property {(input: Input) => Promise<import("clerk-sign-in-tokens").SignInToken>} send makes one call, without retries
 * @property {(error: SignInTokensError) => boolean} mayRetry returns whether a call may be sent again after this error
 * @property {() => boolean | Promise<boolean>} isLive returns whether the key is a production instance's; asked for only
 * without `rateLimit`
 * @property {number} concurrency
 * @property {number} maxRetries
 * @property {number} [rateLimit] requests in 10 seconds
 * @property {AbortSignal | null} [signal]
 * @property {typeof CLOCK} [clock]
 */

/** Milliseconds to wait after a 429 without `Retry-After`. */
const DEFAULT_WAIT = 1000;

/** Milliseconds that a run waits for the key before it starts. */
const KEY_WAIT = 1000;

/** The longest delay of a timer, in milliseconds. With a longer one it fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The real clock. Tests pass a simulated one. */
export const CLOCK = {
  now: () => performance.now(),
  /**
   * Calls `callback` after `ms` milliseconds. Returns a function that cancels it.
   *
   * @param {number} ms
   * @param {() => void} callback
   * @returns {() => void}
   */
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * An async iterator of the results. The run starts with the first call of `next`. After `break`, a second iteration returns
 * the results of the calls that were in flight, then ends.
 *
 * @template Input
 * @implements {AsyncIterableIterator<Result<Input>>}
 */
export class BulkRun {
  #inputs;
  #options;
  #limiter;
  /**
   * The items to send once the rate limit allows it: those to retry, and at most one new one.
   *
   * @type {Item<Input>[]}
   */
  #ready = [];
  /** @type {Result<Input>[]} */
  #results = [];
  #inFlight = 0;
  #pulled = 0;
  #isStarted = false;
  #isPulling = false;
  #isExhausted = false;
  #isStopped = false;
  #isOver = false;
  /** @type {{ reason: unknown } | undefined} */
  #failure;
  #wake = () => {};
  /** Resolves at the next change of the state. */
  #change = this.#nextChange();

  /**
   * @param {Inputs<Input>} inputs
   * @param {Options<Input>} options
   */
  constructor(inputs, options) {
    const iterable = /** @type {Partial<AsyncIterable<Input>> & Iterable<Input>} */ (inputs);
    this.#inputs = iterable[Symbol.asyncIterator]?.() ?? iterable[Symbol.iterator]();
    this.#options = { clock: CLOCK, ...options };
    this.#limiter = new RateLimiter(options.rateLimit ?? TEST_LIMIT, this.#options.clock.now());
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @returns {Promise<IteratorResult<Result<Input>, undefined>>} */
  async next() {
    if (!this.#isStarted) this.#start();
    while (this.#results.length === 0 && !this.#isOver) await this.#change;
    const value = this.#results.shift();
    if (value) {
      this.#changed();
      return { done: false, value };
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.reason;
    return /** @type {const} */ ({ done: true, value: undefined });
  }

  async return() {
    this.#stop();
    return /** @type {const} */ ({ done: true, value: undefined });
  }

  async #start() {
    this.#isStarted = true;
    const { signal } = this.#options;
    const onAbort = () => this.#fail(signal?.reason);
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
      // A signal of another implementation, without this method.
    }
  }

  /** Finds out the rate limit, from the key. Where that takes long, the run starts with the lower limit. */
  async #findLimit() {
    const { isLive, rateLimit } = this.#options;
    if (rateLimit !== undefined || this.#isStopped) return;
    const change = this.#change;
    const known = (async () => {
      if (await isLive()) this.#limiter.setLimit(LIVE_LIMIT);
    })().catch(() => {}); // Each call reports a key that cannot be read.
    await this.#pause(KEY_WAIT, Promise.race([known, change]));
  }

  /** Pulls inputs and sends requests until all inputs have a result, or the run is stopped. Every wait ends at a change. */
  async #dispatch() {
    const { clock, concurrency } = this.#options;
    while (!this.#isStopped) {
      // Read first: the code below runs the caller's, which may change the state.
      const change = this.#change;
      // Results that the caller has not taken count too, so a slow consumer slows the run.
      const hasRoom = this.#inFlight + this.#results.length < concurrency;
      const [item] = this.#ready;
      if (!item && this.#isExhausted && this.#inFlight === 0) return;
      if (!item && hasRoom && !this.#isExhausted && !this.#isPulling) this.#pull();
      // Only with an item to send: a pull may take long, and a token taken before it would be out of date.
      const wait = item && hasRoom ? this.#limiter.take(clock.now()) : Infinity;
      if (wait > 0) await this.#pause(wait, change);
      else this.#send(/** @type {Item<Input>} */ (this.#ready.shift()));
    }
  }

  /** Pulls the next input and puts it among those to send. */
  async #pull() {
    this.#isPulling = true;
    try {
      const result = await this.#inputs.next();
      if (Object(result) !== result) throw new TypeError("inputs: next() did not return an object");
      const { done, value } = result;
      if (done) this.#isExhausted = true;
      else this.#ready.push({ index: this.#pulled++, input: value, tries: 0, isUnknown: false });
    } catch (reason) {
      // As in `for await`, a failed iterator is not closed.
      this.#isExhausted = true;
      if (!this.#isStopped) this.#fail(reason);
    }
    this.#isPulling = false;
    this.#changed();
  }

  /** @param {Item<Input>} item */
  async #send(item) {
    const { index, input } = item;
    this.#inFlight++;
    try {
      const token = await this.#options.send(input);
      this.#limiter.answered();
      this.#results.push({ index, input, token });
    } catch (error) {
      this.#failed(item, /** @type {SignInTokensError} */ (error));
    }
    this.#inFlight--;
    this.#changed();
  }

  /**
   * @param {Item<Input>} item
   * @param {SignInTokensError} error
   */
  #failed(item, error) {
    const { maxRetries, mayRetry } = this.#options;
    const { index, input } = item;
    this.#tellLimiter(error);
    item.isUnknown ||= error?.outcome === "unknown";
    if (item.isUnknown && error?.outcome) Object.assign(error, { outcome: "unknown" });
    item.error = error;
    if (mayRetry(error) && item.tries++ < maxRetries) this.#ready.push(item);
    else this.#results.push({ index, input, error });
  }

  /** @param {Partial<SignInTokensError>} error */
  #tellLimiter(error) {
    const now = this.#options.clock.now();
    const { attempts, code, outcome, retryAfter } = error ?? {};
    if (code === "rate_limited")
      this.#limiter.refused(now, retryAfter === undefined ? DEFAULT_WAIT : retryAfter * 1000);
    else if (outcome === "unknown") this.#limiter.failed(now);
    else if (attempts === 0) this.#limiter.giveBack();
    else this.#limiter.answered();
  }

  /**
   * Ends the run with `reason`, once the calls in flight have ended.
   *
   * @param {unknown} reason
   */
  #fail(reason) {
    this.#failure = { reason };
    this.#stop();
  }

  #stop() {
    this.#isStopped = true;
    this.#changed();
  }

  /** Waits for the calls in flight. An item that waits for a retry ends with its last error; a new one gets no result. */
  async #finish() {
    if (!this.#isExhausted) this.#close();
    while (this.#inFlight > 0) await this.#change;
    for (const { index, input, error } of this.#ready)
      if (error) this.#results.push({ index, input, error });
    this.#isOver = true;
    this.#changed();
  }

  /** Closes the inputs. Does not wait for it. */
  #close() {
    (async () => this.#inputs.return?.())().catch(() => {});
  }

  /**
   * Waits for `change`, at most `ms` milliseconds.
   *
   * @param {number} ms
   * @param {Promise<unknown>} change
   */
  async #pause(ms, change) {
    let cancel = () => {};
    /** @type {Promise<void>} */
    const timeout = new Promise((resolve) => {
      if (ms < Infinity) cancel = this.#options.clock.after(Math.min(ms, LONGEST_TIMER), resolve);
    });
    await Promise.race([timeout, change]);
    cancel();
  }

  #changed() {
    this.#wake();
    this.#change = this.#nextChange();
  }

  /** @returns {Promise<void>} */
  #nextChange() {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
