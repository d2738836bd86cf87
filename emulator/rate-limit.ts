// Counts requests in windows, of 10 seconds if nothing else is given, as Clerk's rate limits do.
const WINDOW_SECONDS = 10;

export class RateLimit {
  limit: number;
  #windowMs: number;
  #windowEnd = 0;
  #count = 0;

  /** `limit`: requests in a window, 0 for no limit. */
  constructor(limit: number, seconds = WINDOW_SECONDS) {
    this.limit = limit;
    this.#windowMs = seconds * 1000;
  }

  /** Forgets the requests so far. */
  clear() {
    this.#windowEnd = 0;
  }

  /** Counts a request. Returns the whole seconds to wait if it is over the limit. */
  take() {
    const now = Date.now();
    if (now >= this.#windowEnd) {
      this.#windowEnd = now + this.#windowMs;
      this.#count = 0;
    }
    this.#count++;
    return this.limit > 0 && this.#count > this.limit
      ? Math.ceil((this.#windowEnd - now) / 1000)
      : undefined;
  }
}
