// Tests the rate limiter of a bulk run: the token bucket, and the circuit breaker after a 429 and
// during an outage.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { app } from "../support/app.ts";

const file = join(app, "node_modules", "clerk-sign-in-tokens", "bulk", "rate-limiter.js");
const { RateLimiter } = await import(pathToFileURL(file));

const WINDOW = 10_000;
/** The part of the limit that a run has to use at least. */
const SHARE = 0.97;

/** Takes tokens until the limiter makes the caller wait. Returns how many there were. */
function drain(limiter, now) {
  let taken = 0;
  while (limiter.take(now) === 0) taken++;
  return taken;
}

/** Takes each token as early as possible. Returns the times. */
function takeUntil(limiter, end) {
  const times = [];
  for (let now = 0; now < end;) {
    const wait = limiter.take(now);
    if (wait === 0) times.push(now);
    now += wait;
  }
  return times;
}

describe("the token bucket", () => {
  test("lets at most the limit through in any window, and nearly reaches it", () => {
    for (const limit of [1, 2, 10, 50, 99, 100, 150, 200, 1000]) {
      const times = takeUntil(new RateLimiter(limit, 0), 6 * WINDOW);
      for (const [index, start] of times.entries()) {
        const end = times.findIndex((time) => time >= start + WINDOW);
        if (end < 0) break;
        assert.ok(end - index <= limit, `${end - index} of ${limit} from ${start} ms`);
      }
      assert.ok(times.length >= Math.floor(6 * limit * SHARE), `${times.length} of ${6 * limit}`);
    }
  });

  test("does not fill beyond a burst of five while idle", () => {
    const limiter = new RateLimiter(1000, 0);
    assert.equal(drain(limiter, 1_000_000), 5);
  });

  test("ignores a clock that runs backwards", () => {
    const limiter = new RateLimiter(1000, 1000);
    drain(limiter, 1000);
    assert.ok(limiter.take(0) > 0);
  });

  test("gets back a token for which no request was sent", () => {
    const limiter = new RateLimiter(1000, 0);
    drain(limiter, 0);
    limiter.giveBack();
    assert.equal(limiter.take(0), 0);
  });

  test("follows a new limit", () => {
    const limiter = new RateLimiter(1000, 0);
    limiter.setLimit(10);
    assert.equal(takeUntil(limiter, WINDOW).length, 10);
  });
});

describe("after a 429", () => {
  test("nothing is sent during the wait, then one request alone", () => {
    const limiter = new RateLimiter(1000, 0);
    limiter.take(0);
    limiter.refused(0, 3000);
    assert.equal(limiter.take(1000), 2000);
    assert.equal(limiter.take(3000), 0);
    assert.equal(limiter.take(3000), Infinity);
  });

  test("an answer to that request resumes the run", () => {
    const limiter = new RateLimiter(1000, 0);
    limiter.refused(0, 3000);
    assert.equal(limiter.take(3000), 0);
    limiter.answered();
    assert.equal(drain(limiter, 4000), 5);
  });

  test("another 429 to that request pauses again", () => {
    const limiter = new RateLimiter(1000, 0);
    limiter.refused(0, 3000);
    limiter.take(3000);
    limiter.refused(3000, 5000);
    assert.equal(limiter.take(4000), 4000);
  });

  test("the longest of several waits counts", () => {
    const limiter = new RateLimiter(1000, 0);
    limiter.refused(0, 8000);
    limiter.refused(10, 1000);
    assert.equal(limiter.take(1010), 6990);
  });

  test("one soon after a pause lowers the rate, and answers raise it again", () => {
    const limiter = new RateLimiter(1000, 0);
    const resume = (now) => {
      limiter.refused(now, 0);
      limiter.take(now);
      limiter.answered();
      drain(limiter, now);
      return limiter.take(now);
    };
    const first = resume(0);
    const second = resume(100);
    assert.ok(second > first, `${second} ms after ${first} ms`);
    for (let answer = 0; answer < 10_000; answer++) limiter.answered();
    drain(limiter, 100);
    assert.equal(limiter.take(100), first);
  });
});

describe("during an outage", () => {
  /** Fails as often, over so many milliseconds. */
  const fail = (limiter, count, over) => {
    for (let n = 0; n < count; n++) limiter.failed((n * over) / (count - 1));
  };

  test("ten failures in a row pause the run; each further one alone doubles the pause up to 30 s", () => {
    const limiter = new RateLimiter(1000, 0);
    fail(limiter, 9, 1000);
    assert.equal(limiter.take(1000), 0);
    const pauses = [];
    for (let now = 1000, failure = 10; failure < 18; failure++) {
      limiter.failed(now);
      assert.equal(limiter.pause.reason, "outage");
      pauses.push(limiter.take(now));
      now += pauses.at(-1);
      assert.equal(limiter.take(now), 0);
    }
    assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test("a burst of failures is one failure of the moment", () => {
    const limiter = new RateLimiter(1000, 0);
    fail(limiter, 20, 100);
    assert.equal(limiter.pause, undefined);
    assert.equal(limiter.take(100), 0);
  });

  test("failures of requests from before the pause do not make it longer", () => {
    const limiter = new RateLimiter(1000, 0);
    fail(limiter, 10, 1000);
    const { until } = limiter.pause;
    fail(limiter, 20, 1000);
    assert.equal(limiter.pause.until, until);
  });

  test("an answer between failures ends the count", () => {
    const limiter = new RateLimiter(1000, 0);
    for (let failure = 1; failure < 20; failure++) {
      limiter.failed(failure * 1000);
      if (failure % 9 === 0) limiter.answered();
    }
    assert.equal(limiter.pause, undefined);
  });

  test("a 429 tells the reason, and an answer ends the pause", () => {
    const limiter = new RateLimiter(1000, 0);
    limiter.refused(0, 3000);
    assert.deepEqual(limiter.pause, { reason: "rate_limit", until: 3000 });
    limiter.take(3000);
    assert.deepEqual(limiter.pause, { reason: "rate_limit", until: 3000 });
    limiter.answered();
    assert.equal(limiter.pause, undefined);
  });
});
