// Tests that the rate limiter of a bulk run keeps any limit. The traces test all else that it does.
import assert from "node:assert/strict";
import { test } from "node:test";

import { installed } from "../support/app.ts";

const { RateLimiter } = await installed("bulk/rate-limiter.js");

const WINDOW = 10_000;
/** The part of the limit that a run has to use at least. */
const SHARE = 0.97;

/** Takes each token as early as possible. Returns the times. */
function takeUntil(end: number, limit: number) {
  const limiter = new RateLimiter(limit, 0);
  const times = [];
  for (let now = 0; now < end;) {
    const wait = limiter.take(now);
    if (wait === 0) times.push(now);
    now += wait;
  }
  return times;
}

test("at most the limit goes through in any window, and nearly all of it", () => {
  for (const limit of [1, 2, 10, 50, 99, 100, 150, 200, 1000]) {
    const times = takeUntil(6 * WINDOW, limit);
    for (const [index, start] of times.entries()) {
      const end = times.findIndex((time) => time >= start + WINDOW);
      if (end < 0) break;
      assert.ok(end - index <= limit, `${end - index} of ${limit} from ${start} ms`);
    }
    assert.ok(times.length >= Math.floor(6 * limit * SHARE), `${times.length} of ${6 * limit}`);
  }
});
