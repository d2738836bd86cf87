// Runs many calls of one kind: pulls inputs one by one, sends requests no faster than the rate limit, returns results.
import { CLOCK, pause } from "./clock.js";
import { addToError, newItem, waitBefore } from "./item.js";
import { LIVE_LIMIT, RateLimiter, TEST_LIMIT } from "./rate-limiter.js";

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
 * @template Input
 * @typedef {import("./item.js").Item<Input>} Item
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
 * @property {(pause: import("clerk-sign-in-tokens/bulk").Pause) => void} [onPause]
 * @property {() => void} [onResume]
 * @property {typeof CLOCK} [clock]
 */

/** Milliseconds to wait after a 429 without `Retry-After`. */
const DEFAULT_WAIT = 1000;

/** Milliseconds that a run waits for the key before it starts. */
const KEY_WAIT = 1000;

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
   * The items to send once the rate limit and their own waits allow it: those to retry, and at most one new one.
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
    await pause(this.#options.clock, KEY_WAIT, Promise.race([known, change]));
  }

  /** Pulls inputs and sends requests until all inputs have a result, or the run is stopped. Every wait ends at a change. */
  async #dispatch() {
    const { clock, concurrency } = this.#options;
    while (!this.#isStopped) {
      // Read first: the code below runs the caller's, which may change the state.
      const change = this.#change;
      const now = clock.now();
      const isOver = this.#isExhausted && this.#ready.length === 0 && this.#inFlight === 0;
      if (isOver) return;
      // Results that the caller has not taken count too, so a slow consumer slows the run.
      const room = concurrency - this.#inFlight - this.#results.length;
      const item = this.#ready.find(({ notBefore }) => notBefore <= now);
      // Items that wait for their retry count here, so that an outage does not pull all inputs.
      if (!item && room > this.#ready.length && !this.#isExhausted && !this.#isPulling)
        this.#pull();
      // Only with an item to send: a pull may take long, and a token taken before it would be out of date.
      const wait = item && room > 0 ? this.#limiter.take(now) : this.#untilRetry(now);
      if (wait > 0) await pause(clock, wait, change);
      else if (item) this.#send(item);
    }
  }

  /**
   * Returns the milliseconds until the next item may be sent.
   *
   * @param {number} now
   */
  #untilRetry(now) {
    const times = this.#ready.map(({ notBefore }) => notBefore).filter((time) => time > now);
    return Math.min(...times) - now;
  }

  /** Pulls the next input and puts it among those to send. */
  async #pull() {
    this.#isPulling = true;
    try {
      const result = await this.#inputs.next();
      if (Object(result) !== result) throw new TypeError("inputs: next() did not return an object");
      const { done, value } = result;
      if (done) this.#isExhausted = true;
      else this.#ready.push(newItem(this.#pulled++, value));
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
    this.#ready.splice(this.#ready.indexOf(item), 1);
    this.#inFlight++;
    try {
      const token = await this.#options.send(input);
      this.#tellLimiter(() => this.#limiter.answered());
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
    const { clock, maxRetries, mayRetry } = this.#options;
    const { index, input } = item;
    this.#tellError(error);
    addToError(item, error);
    item.error = error;
    if (mayRetry(error) && item.retries++ < maxRetries) {
      item.notBefore = clock.now() + waitBefore(item.retries, error);
      this.#ready.push(item);
    } else this.#results.push({ index, input, error });
  }

  /** @param {SignInTokensError} error */
  #tellError(error) {
    const now = this.#options.clock.now();
    const { attempts, code, outcome, retryAfter } =
      error ?? /** @type {Partial<SignInTokensError>} */ ({});
    if (code === "rate_limited") {
      const wait = retryAfter === undefined ? DEFAULT_WAIT : retryAfter * 1000;
      this.#tellLimiter(() => this.#limiter.refused(now, wait), { reason: "rate_limit", error });
    } else if (attempts === 0) this.#limiter.giveBack();
    else if (outcome === "unknown" || code === "network")
      this.#tellLimiter(() => this.#limiter.failed(now), { reason: "outage", error });
    else this.#tellLimiter(() => this.#limiter.answered());
  }

  /**
   * Tells the limiter of an answer, and the caller of the pause that begins or ends by it.
   *
   * @param {() => void} tell
   * @param {{ reason: "rate_limit" | "outage", error: SignInTokensError }} [why]
   */
  #tellLimiter(tell, why) {
    const { clock, onPause, onResume } = this.#options;
    const before = this.#limiter.pausedUntil;
    tell();
    const until = this.#limiter.pausedUntil;
    if (until === before) return;
    try {
      if (until === undefined) onResume?.();
      else if (why) onPause?.({ ...why, until: Date.now() + until - clock.now() });
    } catch {
      // What an observer throws changes nothing.
    }
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
