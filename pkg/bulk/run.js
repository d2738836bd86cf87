// Drives a bulk run: pulls inputs one by one, makes the calls when the pacer says so, returns results.
import { own } from "../platform.js";
import { CLOCK, pause } from "./clock.js";
import { Pacer } from "./pacer.js";

/** @typedef {import("clerk-sign-in-tokens").SignInTokensError} SignInTokensError */
/** @typedef {import("clerk-sign-in-tokens/bulk").Pause} Pause */

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
 * @typedef {object} Options
 * @property {(input: Input) => PromiseLike<import("clerk-sign-in-tokens").SignInToken>} send makes
 *   one call, without retries
 * @property {() => number} limit returns the rate limit, in requests in 10 seconds
 * @property {boolean} isIdempotent whether a request that may have taken effect is sent again
 * @property {number} concurrency
 * @property {number} maxRetries
 * @property {AbortSignal | null} [signal]
 * @property {(pause: Pause) => unknown} [onPause]
 * @property {() => unknown} [onResume]
 * @property {typeof CLOCK} [clock]
 */

/**
 * An async iterator of the results. The run starts with the first call of `next`. After `break`, a
 * second iteration returns the results of the calls that were in flight, then ends.
 *
 * @template Input
 * @implements {AsyncIterableIterator<Result<Input>>}
 */
export class BulkRun {
  #inputs;
  #options;
  #clock;
  #pacer;
  /** @type {Result<Input>[]} */
  #results = [];
  /**
   * The inputs that were pulled and are not returned, with the result of their last call.
   *
   * @type {Map<import("./pacer.js").Item, { input: Input } | Result<Input>>}
   */
  #items = new Map();
  /** @type {import("./rate-limiter.js").Pause | undefined} */
  #pause;
  #isStarted = false;
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
   * @param {Options<Input>} given
   */
  constructor(inputs, given) {
    const iterable = /** @type {Partial<AsyncIterable<Input>> & Iterable<Input>} */ (inputs);
    this.#inputs = iterable[Symbol.asyncIterator]?.() ?? iterable[Symbol.iterator]();
    const options = /** @type {Options<Input>} */ (/** @type {unknown} */ (own(given)));
    this.#options = options;
    this.#clock = options.clock ?? CLOCK;
    this.#pacer = new Pacer({ ...options, limit: options.limit() }, this.#clock.now());
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
      this.#pacer.taken();
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
      await this.#dispatch();
    } catch (reason) {
      this.#fail(reason);
    }
    if (!this.#isExhausted) this.#close();
    while (!this.#pacer.isIdle) await this.#change;
    this.#isOver = true;
    this.#changed();
    try {
      signal?.removeEventListener("abort", onAbort);
    } catch {
      // A signal of another implementation, without this method.
    }
  }

  /**
   * Does what the pacer says until all inputs have a result, or the run is stopped. Every wait ends
   * at a change.
   */
  async #dispatch() {
    while (!this.#isStopped) {
      // Read first: the code below runs the caller's, which may change the state.
      const change = this.#change;
      const step = this.#pacer.next(this.#clock.now());
      if (step.do === "end") return;
      if (step.do === "pull") this.#pull();
      else if (step.do === "send") this.#send(step.item);
      else await pause(this.#clock, step.ms, change);
    }
  }

  /** Pulls the next input. */
  async #pull() {
    try {
      const result = await this.#inputs.next();
      if (Object(result) !== result) throw new TypeError("inputs: next() did not return an object");
      const { done, value } = result;
      if (done) this.#exhausted();
      else this.#items.set(this.#pacer.pulled(), { input: value });
    } catch (reason) {
      // As in `for await`, a failed iterator is not closed.
      this.#exhausted();
      if (!this.#isStopped) this.#fail(reason);
    }
    this.#changed();
  }

  #exhausted() {
    this.#isExhausted = true;
    this.#pacer.exhausted();
  }

  /** @param {import("./pacer.js").Item} item */
  async #send(item) {
    /** @type {Result<Input>} */
    let result;
    const { index } = item;
    const { input } = /** @type {{ input: Input }} */ (this.#items.get(item));
    /** @type {import("./pacer.js").Failure | undefined} */
    let failure;
    try {
      result = { index, input, token: await this.#options.send(input) };
    } catch (thrown) {
      // A result has a token or an error, and a client may reject with nothing.
      const error = /** @type {SignInTokensError} */ (
        thrown || new Error("the client gave no error")
      );
      result = { index, input, error };
      failure = failureOf(error);
    }
    const isRetried = this.#pacer.ended(item, failure, this.#clock.now(), Math.random());
    if (result.error) addCalls(result.error, item);
    this.#items.set(item, result);
    if (!isRetried) this.#end(item);
    // A client can learn late of which instance its key is.
    this.#pacer.setLimit(this.#options.limit());
    this.#tell(result.error);
    this.#changed();
  }

  /**
   * Returns the result of an item, if it was sent.
   *
   * @param {import("./pacer.js").Item} item
   */
  #end(item) {
    const result = this.#items.get(item);
    this.#items.delete(item);
    if (result && "index" in result) this.#results.push(result);
  }

  /**
   * Tells the caller of a pause that began, changed or ended. A run that is stopped sends nothing
   * after it.
   *
   * @param {any} error
   */
  #tell(error) {
    const { pause } = this.#pacer;
    if (pause === this.#pause || this.#isStopped) return;
    this.#pause = pause;
    const { onPause, onResume } = this.#options;
    if (!pause) return observe(() => onResume?.());
    const until = Math.round(Date.now() + pause.until - this.#clock.now());
    observe(() => onPause?.({ reason: pause.reason, until, error }));
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

  /** An item that waits for a retry ends with its last error; a new one gets no result. */
  #stop() {
    this.#isStopped = true;
    for (const item of this.#pacer.stop()) this.#end(item);
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

/**
 * Returns what the pacer reads of anything that a client throws.
 *
 * @param {object} error
 * @returns {import("./pacer.js").Failure}
 */
function failureOf(error) {
  try {
    const { code, outcome, attempts, retryAfter } = /** @type {any} */ (own(error));
    return { code, outcome, attempts: finite(attempts), retryAfter: finite(retryAfter) };
  } catch {
    // It has a getter that throws.
    return {};
  }
}

/** @param {number} value */
const finite = (value) => (Number.isFinite(value) ? value : undefined);

/**
 * Adds to an error of this package what the earlier calls of its item mean.
 *
 * @param {SignInTokensError} error of anything that a client throws
 * @param {import("./pacer.js").Item} item
 */
function addCalls(error, { attempts, isUnknown }) {
  try {
    const { outcome } = error;
    if (outcome) Object.assign(error, { attempts, outcome: isUnknown ? "unknown" : outcome });
  } catch {
    // It is frozen, or has a getter that throws.
  }
}

/** Ignores what an observer returns or throws. @param {() => unknown} call */
function observe(call) {
  (async () => call())().catch(() => {});
}
