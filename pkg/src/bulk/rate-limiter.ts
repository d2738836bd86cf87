// The rate limiter of a bulk run: a token bucket with a circuit breaker, which is half-open after a
// 429 and during an outage. It reads no clock and sets no timer: callers pass the time, in
// milliseconds.

/** Clerk's limits, in requests per 10 seconds, for a development and a production instance. */
export const TEST_LIMIT = 100;
export const LIVE_LIMIT = 1000;

/** Clerk counts requests in windows of 10 seconds. */
const WINDOW = 10_000;

/** The part of the limit that the rate uses. The rest bounds the capacity of the bucket. */
const SHARE = 0.98;

/** The largest capacity of the bucket: the requests that may go out at once after an idle time. */
const BURST = 5;

/**
 * A 429 soon after the last one means that others use the same instance: the rate drops. Each
 * answer raises it again.
 */
const SLOWER = 0.8;
const FASTER = 0.0002;
const SLOWEST = 0.05;

/**
 * The failures in a row that make an outage, and the milliseconds over which they have to come:
 * what breaks at once, such as all connections to a proxy that restarts, is one failure of the
 * moment.
 */
const OUTAGE = 10;
const MOMENT = 250;

/** The back-off of an outage doubles from the first pause up to the longest, in milliseconds. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

export type Pause = { reason: "rate_limit" | "outage"; until: number };

export class RateLimiter {
  #full = 0;
  #rate = 0;
  #capacity = 1;
  #tokens = BURST;
  #at;
  #pause: Pause | undefined;
  #isHalfOpen = false;
  #resumedAt = -Infinity;
  #failures = 0;
  #failingSince = 0;
  #nextPause = FIRST_PAUSE;

  /** @param limit requests in 10 seconds */
  constructor(limit: number, now: number) {
    this.setLimit(limit);
    this.#at = now;
  }

  /**
   * Replaces the limit. No window gets too many requests, wherever the API starts it.
   *
   * @param limit requests in 10 seconds
   */
  setLimit(limit: number) {
    this.#full = (limit * SHARE) / WINDOW;
    this.#rate = this.#full;
    this.#capacity = Math.max(1, Math.min(BURST, Math.floor(limit * (1 - SHARE))));
  }

  /**
   * Why and until when no request is sent. It lasts until the request after it, which goes alone,
   * is answered.
   */
  get pause() {
    return this.#pause;
  }

  /**
   * Takes a token for one request. Returns 0 if there was one, else the milliseconds to wait before
   * the next try: Infinity while a request in flight has to end first.
   */
  take(now: number) {
    const pause = this.#pause;
    if (pause && now < pause.until) return pause.until - now;
    if (this.#isHalfOpen) return Infinity;
    const earned = Math.max(0, now - this.#at) * this.#rate;
    this.#tokens = Math.min(this.#capacity, this.#tokens + earned);
    this.#at = now;
    if (this.#tokens < 1) return Math.ceil((1 - this.#tokens) / this.#rate);
    this.#tokens -= 1;
    // After a pause one request goes alone: if the API still refuses, that costs no more.
    this.#isHalfOpen = pause !== undefined;
    return 0;
  }

  /** Puts a token back for which no request was sent. */
  giveBack() {
    this.#tokens += 1;
    this.#isHalfOpen = false;
  }

  /** Notes an answer that is not a 429. */
  answered() {
    this.#failures = 0;
    this.#nextPause = FIRST_PAUSE;
    this.#resume();
    this.#rate = Math.min(this.#full, this.#rate + this.#full * FASTER);
  }

  /** Notes a failure that says nothing about the rate. */
  failed(now: number) {
    // A request that was sent before the pause says nothing new.
    if (this.#pause && !this.#isHalfOpen) return;
    if (this.#pause?.reason === "outage") return this.#backOff(now);
    this.#resume();
    if (this.#failures++ === 0) this.#failingSince = now;
    if (this.#failures >= OUTAGE && now - this.#failingSince >= MOMENT) this.#backOff(now);
  }

  #backOff(now: number) {
    this.#pauseUntil(now + this.#nextPause, "outage");
    this.#nextPause = Math.min(this.#nextPause * 2, LONGEST_PAUSE);
  }

  /**
   * Notes a 429.
   *
   * @param wait milliseconds
   */
  refused(now: number, wait: number) {
    this.#failures = 0;
    // The first refusal counts for all requests that were in flight then.
    if (!this.#pause && now - this.#resumedAt < WINDOW)
      this.#rate = Math.max(this.#full * SLOWEST, this.#rate * SLOWER);
    this.#pauseUntil(now + wait, "rate_limit");
  }

  #pauseUntil(until: number, reason: Pause["reason"]) {
    this.#isHalfOpen = false;
    // The longest of several waits counts.
    if (!this.#pause || until > this.#pause.until) this.#pause = { reason, until };
    this.#tokens = 1;
    this.#at = this.#pause.until;
  }

  #resume() {
    if (this.#isHalfOpen) {
      this.#resumedAt = this.#pause?.until ?? -Infinity;
      this.#pause = undefined;
    }
    this.#isHalfOpen = false;
  }
}
