// Drives a bulk run: pulls inputs one by one, makes the calls when the pacer says so, returns
// results.

import type { SignInToken, SignInTokensError } from "clerk-sign-in-tokens";

import type { ManyOptions, ManyResult } from "../bulk.ts";
import { own } from "../platform.js";
import { CLOCK, pause } from "./clock.ts";
import { type Failure, type Item, Pacer } from "./pacer.ts";
import type { Pause } from "./rate-limiter.ts";

interface Options<Input> extends Pick<ManyOptions, "signal" | "onPause" | "onResume"> {
  /** Makes one call, without retries. */
  send: (input: Input) => PromiseLike<SignInToken>;
  /** Returns the rate limit, in requests in 10 seconds. */
  limit: () => number;
  /** Whether a request that may have taken effect is sent again. */
  isIdempotent: boolean;
  concurrency: number;
  maxRetries: number;
  clock?: typeof CLOCK;
}

/**
 * An async iterator of the results. The run starts with the first call of `next`. After `break`, a
 * second iteration returns the results of the calls that were in flight, then ends.
 */
export class BulkRun<Input> implements AsyncIterableIterator<ManyResult<Input>> {
  #inputs: Iterator<Input> | AsyncIterator<Input>;
  #options: Options<Input>;
  #clock: typeof CLOCK;
  #pacer: Pacer;
  #results: ManyResult<Input>[] = [];
  /** The inputs that were pulled and are not returned, with the result of their last call. */
  #items: Map<Item, { input: Input } | ManyResult<Input>> = new Map();
  #pause: Pause | undefined;
  #isStarted = false;
  #isExhausted = false;
  #isStopped = false;
  #isOver = false;
  #failure: { reason: unknown } | undefined;
  #wake = () => {};
  /** Resolves at the next change of the state. */
  #change = this.#nextChange();

  constructor(inputs: Iterable<Input> | AsyncIterable<Input>, given: Options<Input>) {
    const iterable = inputs as Partial<AsyncIterable<Input>> & Iterable<Input>;
    this.#inputs = iterable[Symbol.asyncIterator]?.() ?? iterable[Symbol.iterator]();
    const options = own(given);
    this.#options = options;
    this.#clock = options.clock ?? CLOCK;
    this.#pacer = new Pacer({ ...options, limit: options.limit() }, this.#clock.now());
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async next(): Promise<IteratorResult<ManyResult<Input>, undefined>> {
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
    return { done: true, value: undefined } as const;
  }

  async return() {
    this.#stop();
    return { done: true, value: undefined } as const;
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
      // Read first: the code below calls functions of the caller, which may change the state.
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

  async #send(item: Item) {
    const { index } = item;
    const { input } = this.#items.get(item) as { input: Input };
    let result: ManyResult<Input>;
    let failure: Failure | undefined;
    try {
      result = { index, input, token: await this.#options.send(input) };
    } catch (thrown) {
      // A result has a token or an error, and a client may reject with nothing.
      const error = (thrown || new Error("the client gave no error")) as SignInTokensError;
      result = { index, input, error };
      failure = failureOf(error);
    }
    const isRetried = this.#pacer.ended(item, failure, this.#clock.now(), Math.random());
    if (result.error) addCalls(result.error, item);
    this.#items.set(item, result);
    if (!isRetried) this.#end(item);
    // The client may know only now whether its key is that of a production instance.
    this.#pacer.setLimit(this.#options.limit());
    this.#reportPause(result.error);
    this.#changed();
  }

  /** Returns the result of an item, if it was sent. */
  #end(item: Item) {
    const result = this.#items.get(item);
    this.#items.delete(item);
    if (result && "index" in result) this.#results.push(result);
  }

  /** Reports a pause that began, changed or ended. A run that is stopped sends nothing after it. */
  #reportPause(error: SignInTokensError | undefined) {
    const { pause } = this.#pacer;
    if (pause === this.#pause || this.#isStopped) return;
    this.#pause = pause;
    const { onPause, onResume } = this.#options;
    if (!pause) return observe(() => onResume?.());
    const until = Math.round(Date.now() + pause.until - this.#clock.now());
    observe(() => onPause?.({ reason: pause.reason, until, error: error as SignInTokensError }));
  }

  /** Ends the run with `reason`, once the calls in flight have ended. */
  #fail(reason: unknown) {
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

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** Returns what the pacer reads of anything that a client throws. */
function failureOf(error: object): Failure {
  try {
    const { code, outcome, attempts, retryAfter }: Failure = own(error);
    return { code, outcome, attempts: finite(attempts), retryAfter: finite(retryAfter) };
  } catch {
    // It has a getter that throws.
    return {};
  }
}

const finite = (value: number | undefined) => (Number.isFinite(value) ? value : undefined);

/** Adds what the earlier calls of its item mean to an error that has an outcome. */
function addCalls(error: SignInTokensError, { attempts, isUnknown }: Item) {
  try {
    const { outcome } = error;
    if (outcome) Object.assign(error, { attempts, outcome: isUnknown ? "unknown" : outcome });
  } catch {
    // It is frozen, or has a getter that throws.
  }
}

/** Ignores what an observer returns or throws. */
function observe(call: () => unknown) {
  (async () => call())().catch(() => {});
}
