// Counts requests in windows, of 10 seconds if nothing else is given, as Clerk's rate limits do.
import type { FastifyReply } from "fastify";

import { ApiError } from "./errors.ts";

export class RateLimit {
  #limit = 0;
  #windowMs = 0;
  #windowEnd = 0;
  #count = 0;

  /** `limit`: requests in a window, 0 for no limit. */
  constructor(limit: number) {
    this.set(limit);
  }

  set(limit: number, seconds = 10) {
    this.#limit = limit;
    this.#windowMs = seconds * 1000;
    this.clear();
  }

  /** Forgets the requests so far. */
  clear() {
    this.#windowEnd = 0;
  }

  /** Counts a request. Throws if it is over the limit, and says in the answer how long to wait. */
  take(reply: FastifyReply) {
    const now = Date.now();
    if (now >= this.#windowEnd) {
      this.#windowEnd = now + this.#windowMs;
      this.#count = 0;
    }
    this.#count++;
    if (this.#limit === 0 || this.#count <= this.#limit) return;
    reply.header("retry-after", Math.ceil((this.#windowEnd - now) / 1000));
    throw new ApiError("too_many_requests");
  }
}
