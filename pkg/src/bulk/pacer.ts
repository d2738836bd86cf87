// Decides what a bulk run does next: pull an input, send a request, wait or end. It reads no clock,
// sets no timer and draws no random number: callers pass them; times are in milliseconds.
// src/bulk/pacer.rs is the same in Rust; tests/traces keeps the two alike.

import type { SignInTokensError } from "clerk-sign-in-tokens";

import { RateLimiter } from "./rate-limiter.ts";

/** An input that was pulled, and how its calls ended. */
export interface Item {
  index: number;
  retries: number;
  /** The time before which it is not sent. */
  notBefore: number;
  /** The attempts of all its calls. */
  attempts: number;
  /** Whether one of its calls may have taken effect. */
  isUnknown: boolean;
}

/** What the pacer reads of the error of a call. A call can fail with anything. */
export type Failure = Partial<
  Pick<SignInTokensError, "code" | "outcome" | "attempts" | "retryAfter">
>;

/**
 * What comes next. A wait ends sooner at a change; it is `Infinity` where only a change ends it.
 */
export type Step =
  { do: "pull" } | { do: "end" } | { do: "send"; item: Item } | { do: "wait"; ms: number };

/** The codes after which a revoke is sent again: unlike a create, it is idempotent. */
const RETRYABLE_REVOKES = ["network", "server_error", "timeout"];

/** Milliseconds to wait after a 429 without `Retry-After`. */
const DEFAULT_WAIT = 1000;

/** The first back-off and the longest, in milliseconds: as for the retries within a call. */
const BACKOFF = 500;
const LONGEST_BACKOFF = 8000;

export class Pacer {
  #limiter;
  #options;
  #limit;
  /**
   * The items to send once the rate limit and their own waits allow it: those to retry, and at most
   * one new one.
   */
  #ready: Item[] = [];
  #pulled = 0;
  #inFlight = 0;
  /** Results that the caller has not taken count as in flight, so a slow consumer slows the run. */
  #untaken = 0;
  #isPulling = false;
  #isExhausted = false;
  #isStopped = false;

  /** @param options with the limit in requests in 10 seconds */
  constructor(
    options: { limit: number; concurrency: number; maxRetries: number; isIdempotent: boolean },
    now: number,
  ) {
    this.#options = options;
    this.#limit = options.limit;
    this.#limiter = new RateLimiter(options.limit, now);
  }

  /**
   * Replaces the rate limit.
   *
   * @param limit requests in 10 seconds
   */
  setLimit(limit: number) {
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

  next(now: number): Step {
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
    // Only with an item to send: a pull may take long, and a token taken before it would be out of
    // date.
    const ms = this.#limiter.take(now);
    if (ms > 0) return { do: "wait", ms };
    this.#ready.splice(this.#ready.indexOf(item), 1);
    this.#inFlight++;
    return { do: "send", item };
  }

  #untilRetry(now: number) {
    return Math.min(...this.#ready.map(({ notBefore }) => notBefore)) - now;
  }

  /** Notes that an input came. Returns its item. */
  pulled(): Item {
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
   * is sent again. If not, it has its result.
   *
   * @param random in [0, 1)
   */
  ended(item: Item, failure: Failure | undefined, now: number, random: number) {
    this.#inFlight--;
    if (failure) {
      this.#reportToLimiter(failure, now);
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

  #mayRetry({ code, outcome }: Failure) {
    if (code === "rate_limited" || (code === "network" && outcome === "none")) return true;
    return this.#options.isIdempotent && RETRYABLE_REVOKES.includes(code ?? "");
  }

  #reportToLimiter({ code, outcome, attempts, retryAfter }: Failure, now: number) {
    if (code === "rate_limited")
      this.#limiter.refused(now, retryAfter === undefined ? DEFAULT_WAIT : retryAfter * 1000);
    else if (attempts === 0) this.#limiter.giveBack();
    // An error without an outcome, such as from a service binding, is not an answer from Clerk.
    else if (outcome !== "none" || code === "network") this.#limiter.failed(now);
    else this.#limiter.answered();
  }
}

/**
 * Returns the milliseconds to wait before a retry of an item: `Retry-After`, or an exponential
 * back-off with full jitter. After a 429 it is 0, because the rate limiter makes all items wait.
 *
 * @param retry counts from 1
 */
function waitBefore(retry: number, { code, retryAfter }: Failure, random: number) {
  if (code === "rate_limited") return 0;
  if (retryAfter !== undefined) return retryAfter * 1000;
  return Math.floor(Math.min(BACKOFF * 2 ** (retry - 1), LONGEST_BACKOFF) * random);
}
