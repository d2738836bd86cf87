// Decides what a bulk run does next: pull an input, send a request, wait or end. It reads no clock,
// sets no timer and draws no random number: callers pass them, times in milliseconds. The same in
// Rust is src/bulk/pacer.rs; tests/traces keeps the two alike.
import { RateLimiter } from "./rate-limiter.js";

/**
 * An input that was pulled, with what came of its calls.
 *
 * @typedef {object} Item
 * @property {number} index
 * @property {number} retries
 * @property {number} notBefore the time before which it is not sent
 * @property {number} attempts of all its calls
 * @property {boolean} isUnknown whether one of its calls may have taken effect
 */

/**
 * What the pacer reads of the error of a call. A call can fail with anything.
 *
 * @typedef {Partial<Pick<import("clerk-sign-in-tokens").SignInTokensError,
 *   "code" | "outcome" | "attempts" | "retryAfter">>} Failure
 */

/**
 * What comes next. A wait ends sooner at a change; it is `Infinity` where only a change ends it.
 *
 * @typedef {{ do: "pull" } | { do: "end" } | { do: "send", item: Item } | { do: "wait", ms: number }} Step
 */

/** The codes after which a revoke is sent again: unlike a create, it is idempotent. */
const RETRYABLE_REVOKES = ["network", "server_error", "timeout"];

/** Milliseconds to wait after a 429 without `Retry-After`. */
const DEFAULT_WAIT = 1000;

/** The first back-off and the longest, in milliseconds: those of the client's own retries. */
const BACKOFF = 500;
const LONGEST_BACKOFF = 8000;

export class Pacer {
  #limiter;
  #options;
  #limit;
  /**
   * The items to send once the rate limit and their own waits allow it: those to retry, and at most
   * one new one.
   *
   * @type {Item[]}
   */
  #ready = [];
  #pulled = 0;
  #inFlight = 0;
  /** Results that the caller has not taken count as in flight, so a slow consumer slows the run. */
  #untaken = 0;
  #isPulling = false;
  #isExhausted = false;
  #isStopped = false;

  /**
   * @param {{ limit: number, concurrency: number, maxRetries: number, isIdempotent: boolean }} options
   *   with the limit in requests in 10 seconds
   * @param {number} now
   */
  constructor(options, now) {
    this.#options = options;
    this.#limit = options.limit;
    this.#limiter = new RateLimiter(options.limit, now);
  }

  /** Replaces the rate limit. @param {number} limit requests in 10 seconds */
  setLimit(limit) {
    if (limit === this.#limit) return;
    this.#limit = limit;
    this.#limiter.setLimit(limit);
  }

  /** Why and until when no request is sent, or `undefined`. */
  get pause() {
    return this.#limiter.pause;
  }

  get isIdle() {
    return this.#inFlight === 0;
  }

  /** @param {number} now @returns {Step} */
  next(now) {
    const { concurrency } = this.#options;
    if (this.#isExhausted && this.#ready.length === 0 && this.#inFlight === 0) return { do: "end" };
    const room = concurrency - this.#inFlight - this.#untaken;
    const item = this.#ready.find(({ notBefore }) => notBefore <= now);
    // Items that wait for their retry count here, so that an outage does not pull all inputs.
    if (!item && room > this.#ready.length && !this.#isExhausted && !this.#isPulling) {
      this.#isPulling = true;
      return { do: "pull" };
    }
    if (!item) return { do: "wait", ms: this.#untilRetry(now) };
    // Only with an item to send: a pull may take long, and a token taken before it would be out of date.
    const ms = this.#limiter.take(now);
    if (ms > 0) return { do: "wait", ms };
    this.#ready.splice(this.#ready.indexOf(item), 1);
    this.#inFlight++;
    return { do: "send", item };
  }

  /** @param {number} now */
  #untilRetry(now) {
    return Math.min(...this.#ready.map(({ notBefore }) => notBefore)) - now;
  }

  /** Notes that an input came. Returns its item. @returns {Item} */
  pulled() {
    this.#isPulling = false;
    const index = this.#pulled++;
    const item = { index, retries: 0, notBefore: -Infinity, attempts: 0, isUnknown: false };
    if (!this.#isStopped) this.#ready.push(item);
    return item;
  }

  /** Notes that there are no more inputs. */
  exhausted() {
    this.#isPulling = false;
    this.#isExhausted = true;
  }

  /**
   * Notes how the call of an item ended: with a token, or with a failure. Returns whether the item
   * is sent again; otherwise it has its result.
   *
   * @param {Item} item
   * @param {Failure | undefined} failure
   * @param {number} now
   * @param {number} random in [0, 1)
   */
  ended(item, failure, now, random) {
    this.#inFlight--;
    if (failure) {
      this.#tellLimiter(failure, now);
      item.attempts += failure.attempts ?? 0;
      item.isUnknown ||= failure.outcome === "unknown";
      if (!this.#isStopped && this.#mayRetry(failure) && item.retries < this.#options.maxRetries) {
        item.retries++;
        item.notBefore = now + waitBefore(item.retries, failure, random);
        this.#ready.push(item);
        return true;
      }
    } else this.#limiter.answered();
    this.#untaken++;
    return false;
  }

  /** Notes that the caller took a result. */
  taken() {
    this.#untaken--;
  }

  /** Sends and pulls nothing more. Returns the items that waited to be sent. */
  stop() {
    this.#isStopped = true;
    this.#isExhausted = true;
    return this.#ready.splice(0);
  }

  /** @param {Failure} failure */
  #mayRetry({ code, outcome }) {
    if (code === "rate_limited" || (code === "network" && outcome === "none")) return true;
    return this.#options.isIdempotent && RETRYABLE_REVOKES.includes(code ?? "");
  }

  /**
   * @param {Failure} failure
   * @param {number} now
   */
  #tellLimiter({ code, outcome, attempts, retryAfter }, now) {
    if (code === "rate_limited")
      this.#limiter.refused(now, retryAfter === undefined ? DEFAULT_WAIT : retryAfter * 1000);
    else if (attempts === 0) this.#limiter.giveBack();
    // An error without an outcome, such as of a service binding, is no answer of Clerk either.
    else if (outcome !== "none" || code === "network") this.#limiter.failed(now);
    else this.#limiter.answered();
  }
}

/**
 * Returns the milliseconds to wait before an item's retry: `Retry-After`, or an exponential back-off
 * with full jitter. After a 429 it is 0, because the rate limiter makes all items wait.
 *
 * @param {number} retry counts from 1
 * @param {Failure} failure
 * @param {number} random
 */
function waitBefore(retry, { code, retryAfter }, random) {
  if (code === "rate_limited") return 0;
  if (retryAfter !== undefined) return retryAfter * 1000;
  return Math.floor(Math.min(BACKOFF * 2 ** (retry - 1), LONGEST_BACKOFF) * random);
}
