// When the next request of many may go out: a token bucket, half-open after a 429 and during an outage. Reads no clock and
// sets no timer: it is told the time, in milliseconds.

/** Clerk's limits, in requests per 10 seconds, for a development and a production instance. */
export const TEST_LIMIT = 100;
export const LIVE_LIMIT = 1000;

/** Clerk counts requests in windows of 10 seconds. */
const WINDOW = 10_000;

/** A little under the limit, so that no window holds one request too many, wherever the API has it begin. */
const SHARE = 0.98;

/** What the bucket holds: requests that may go out at once after a quiet spell. */
const BURST = 5;

/**
 * A 429 soon after the last one means that somebody else uses the same instance: the rate drops. Every answer then brings
 * back a part of it.
 */
const SLOWER = 0.8;
const FASTER = 0.0002;
const SLOWEST = 0.05;

/** So many failures in a row are an outage. Its back-off doubles from one second, up to the longest pause. */
const OUTAGE = 10;
const LONGEST_PAUSE = 30_000;

export class RateLimiter {
  #full;
  #rate;
  #tokens = BURST;
  #at;
  #pausedUntil;
  #isHalfOpen = false;
  #resumedAt = -Infinity;
  #failures = 0;

  /** `limit` is in requests per 10 seconds. */
  constructor(limit, now) {
    this.setLimit(limit);
    this.#at = now;
  }

  /** Goes on with another limit. */
  setLimit(limit) {
    this.#full = (limit * SHARE) / WINDOW;
    this.#rate = this.#full;
  }

  /**
   * Takes a token for one request: returns 0, or else how long to wait before asking again, Infinity while a request in
   * flight has to end first.
   */
  take(now) {
    const isPaused = this.#pausedUntil !== undefined;
    if (isPaused && now < this.#pausedUntil) return this.#pausedUntil - now;
    if (this.#isHalfOpen) return Infinity;
    this.#tokens = Math.min(BURST, this.#tokens + Math.max(0, now - this.#at) * this.#rate);
    this.#at = now;
    if (this.#tokens < 1) return Math.ceil((1 - this.#tokens) / this.#rate);
    this.#tokens -= 1;
    // After a pause one goes alone: if the API still refuses, that costs one request.
    this.#isHalfOpen = isPaused;
    return 0;
  }

  /** Returns a token: no request was sent for it. */
  giveBack() {
    this.#tokens += 1;
    this.#isHalfOpen = false;
  }

  /** A request was answered, and not with a 429. */
  answered() {
    this.#failures = 0;
    this.#resume();
    this.#rate = Math.min(this.#full, this.#rate + this.#full * FASTER);
  }

  /** A request failed without saying anything about the rate. */
  failed(now) {
    this.#resume();
    const inOutage = ++this.#failures - OUTAGE;
    if (inOutage >= 0) this.#pause(now, Math.min(1000 * 2 ** inOutage, LONGEST_PAUSE));
  }

  /** A request was refused with a 429, for so many milliseconds. */
  refused(now, wait) {
    // Those sent before the first was refused say nothing new.
    const isFirst = this.#pausedUntil === undefined;
    if (isFirst && now - this.#resumedAt < WINDOW)
      this.#rate = Math.max(this.#full * SLOWEST, this.#rate * SLOWER);
    this.#pause(now, wait);
  }

  #pause(now, wait) {
    this.#isHalfOpen = false;
    this.#pausedUntil = Math.max(this.#pausedUntil ?? 0, now + wait);
    this.#tokens = 1;
    this.#at = this.#pausedUntil;
  }

  #resume() {
    if (this.#isHalfOpen) {
      this.#resumedAt = this.#pausedUntil;
      this.#pausedUntil = undefined;
    }
    this.#isHalfOpen = false;
  }
}
