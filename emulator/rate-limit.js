// Counts requests in windows of 10 seconds, as Clerk's rate limits do.
const WINDOW_MS = 10_000;

export class RateLimit {
  #windowEnd = 0;
  #count = 0;

  /** @param {number} limit requests in a window, 0 for no limit */
  constructor(limit) {
    this.limit = limit;
  }

  /** Forgets the requests so far. */
  clear() {
    this.#windowEnd = 0;
  }

  /** Counts a request. Returns the whole seconds to wait if it is over the limit. */
  take() {
    const now = Date.now();
    if (now >= this.#windowEnd) {
      this.#windowEnd = now + WINDOW_MS;
      this.#count = 0;
    }
    this.#count++;
    return this.limit > 0 && this.#count > this.limit
      ? Math.ceil((this.#windowEnd - now) / 1000)
      : undefined;
  }
}
