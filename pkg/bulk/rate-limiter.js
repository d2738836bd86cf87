// The rate limiter of a bulk run: a token bucket with a circuit breaker, which is half-open after a 429 and during an outage.
// It reads no clock and sets no timer: callers pass the time, in milliseconds.

/** Clerk's limits, in requests per 10 seconds, for a development and a production instance. */
export const TEST_LIMIT = 100;
export const LIVE_LIMIT = 1000;

/** Clerk counts requests in windows of 10 seconds. */
const WINDOW = 10_000;

/** The part of the limit that the rate uses. What it leaves is the most that the capacity of the bucket may be. */
const SHARE = 0.98;

/** The largest capacity of the bucket: the requests that may go out at once after an idle time. */
const BURST = 5;

/** A 429 soon after the last one means that others use the same instance: the rate drops. Each answer raises it again. */
const SLOWER = 0.8;
const FASTER = 0.0002;
const SLOWEST = 0.05;

/** The failures in a row that make an outage. Its back-off doubles from one second up to the longest pause. */
const OUTAGE = 10;
const LONGEST_PAUSE = 30_000;

export class RateLimiter {
  #full = 0;
  #rate = 0;
  #capacity = 1;
  #tokens = BURST;
  #at;
  /** @type {number | undefined} */
  #pausedUntil;
  #isHalfOpen = false;
  #resumedAt = -Infinity;
  #failures = 0;

  /**
   * @param {number} limit requests in 10 seconds
   * @param {number} now
   */
  constructor(limit, now) {
    this.setLimit(limit);
    this.#at = now;
  }

  /**
   * Replaces the limit. No window gets a request too many, wherever the API has it start.
   *
   * @param {number} limit requests in 10 seconds
   */
  setLimit(limit) {
    this.#full = (limit * SHARE) / WINDOW;
    this.#rate = this.#full;
    this.#capacity = Math.max(1, Math.min(BURST, Math.floor(limit * (1 - SHARE))));
    this.#tokens = Math.min(this.#tokens, this.#capacity);
  }

  /**
   * Takes a token for one request. Returns 0 if there was one, else the milliseconds to wait before the next try: Infinity
   * while a request in flight has to end first.
   *
   * @param {number} now
   */
  take(now) {
    const pausedUntil = this.#pausedUntil;
    if (pausedUntil !== undefined && now < pausedUntil) return pausedUntil - now;
    if (this.#isHalfOpen) return Infinity;
    const earned = Math.max(0, now - this.#at) * this.#rate;
    this.#tokens = Math.min(this.#capacity, this.#tokens + earned);
    this.#at = now;
    if (this.#tokens < 1) return Math.ceil((1 - this.#tokens) / this.#rate);
    this.#tokens -= 1;
    // After a pause one request goes alone: if the API still refuses, that costs no more.
    this.#isHalfOpen = pausedUntil !== undefined;
    return 0;
  }

  /** The time before which no request is sent; undefined without a pause. */
  get pausedUntil() {
    return this.#pausedUntil;
  }

  /** Puts a token back for which no request was sent. */
  giveBack() {
    this.#tokens += 1;
    this.#isHalfOpen = false;
  }

  /** Notes an answer that is not a 429. */
  answered() {
    this.#failures = 0;
    this.#resume();
    this.#rate = Math.min(this.#full, this.#rate + this.#full * FASTER);
  }

  /**
   * Notes a failure that says nothing about the rate.
   *
   * @param {number} now
   */
  failed(now) {
    this.#resume();
    const inOutage = ++this.#failures - OUTAGE;
    if (inOutage >= 0) this.#pause(now, Math.min(1000 * 2 ** inOutage, LONGEST_PAUSE));
  }

  /**
   * Notes a 429.
   *
   * @param {number} now
   * @param {number} wait milliseconds
   */
  refused(now, wait) {
    // The first refusal counts for all requests that were in flight then.
    const isFirst = this.#pausedUntil === undefined;
    if (isFirst && now - this.#resumedAt < WINDOW)
      this.#rate = Math.max(this.#full * SLOWEST, this.#rate * SLOWER);
    this.#pause(now, wait);
  }

  /**
   * @param {number} now
   * @param {number} wait milliseconds
   */
  #pause(now, wait) {
    this.#isHalfOpen = false;
    this.#pausedUntil = Math.max(this.#pausedUntil ?? 0, now + wait);
    this.#tokens = 1;
    this.#at = this.#pausedUntil;
  }

  #resume() {
    if (this.#isHalfOpen) {
      this.#resumedAt = this.#pausedUntil ?? -Infinity;
      this.#pausedUntil = undefined;
    }
    this.#isHalfOpen = false;
  }
}
