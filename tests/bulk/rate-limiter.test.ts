// Tests the rate limiter of a bulk run: the token bucket, and the circuit breaker after a 429 and
// during an outage.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { installed } from "../support/app.ts";

const { RateLimiter } = await installed("bulk/rate-limiter.js");
type RateLimiter = InstanceType<typeof RateLimiter>;

const WINDOW = 10_000;
/** The part of the limit that a run has to use at least. */
const SHARE = 0.97;

let limiter: RateLimiter;
beforeEach(() => {
  limiter = new RateLimiter(1000, 0);
});

/** Takes tokens until the limiter makes the caller wait. Returns how many there were. */
function drain(now: number) {
  let taken = 0;
  while (limiter.take(now) === 0) taken++;
  return taken;
}

/** Takes each token as early as possible. Returns the times. */
function takeUntil(limiter: RateLimiter, end: number) {
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
    assert.equal(drain(1_000_000), 5);
  });

  test("ignores a clock that runs backwards", () => {
    limiter = new RateLimiter(1000, 1000);
    drain(1000);
    assert.ok(limiter.take(0) > 0);
  });

  test("gets back a token for which no request was sent", () => {
    drain(0);
    limiter.giveBack();
    assert.equal(limiter.take(0), 0);
  });

  test("follows a new limit", () => {
    limiter.setLimit(10);
    assert.equal(takeUntil(limiter, WINDOW).length, 10);
  });
});

describe("after a 429", () => {
  test("nothing is sent during the wait, then one request alone, whose answer ends it", () => {
    limiter.take(0);
    limiter.refused(0, 3000);
    const pause = { reason: "rate_limit", until: 3000 };
    assert.deepEqual(limiter.pause, pause);
    assert.equal(limiter.take(1000), 2000);
    assert.equal(limiter.take(3000), 0);
    assert.equal(limiter.take(3000), Infinity);
    assert.deepEqual(limiter.pause, pause);
    limiter.answered();
    assert.equal(limiter.pause, undefined);
    assert.equal(drain(4000), 5);
  });

  test("another 429 to that request pauses again", () => {
    limiter.refused(0, 3000);
    limiter.take(3000);
    limiter.refused(3000, 5000);
    assert.equal(limiter.take(4000), 4000);
  });

  test("the longest of several waits counts", () => {
    limiter.refused(0, 8000);
    limiter.refused(10, 1000);
    assert.equal(limiter.take(1010), 6990);
  });

  test("one soon after a pause lowers the rate, and answers raise it again", () => {
    const resume = (now: number) => {
      limiter.refused(now, 0);
      limiter.take(now);
      limiter.answered();
      drain(now);
      return limiter.take(now);
    };
    const first = resume(0);
    const second = resume(100);
    assert.ok(second > first, `${second} ms after ${first} ms`);
    for (let answer = 0; answer < 10_000; answer++) limiter.answered();
    drain(100);
    assert.equal(limiter.take(100), first);
  });
});

describe("during an outage", () => {
  /** Notes as many failures, over so many milliseconds. */
  const fail = (count: number, over: number) => {
    for (let n = 0; n < count; n++) limiter.failed((n * over) / (count - 1));
  };

  test("ten failures in a row pause; each further one doubles the pause, up to 30 s", () => {
    fail(9, 1000);
    assert.equal(limiter.take(1000), 0);
    const pauses = [];
    for (let now = 1000, failure = 10; failure < 18; failure++) {
      limiter.failed(now);
      assert.equal(limiter.pause?.reason, "outage");
      const wait = limiter.take(now);
      pauses.push(wait);
      now += wait;
      assert.equal(limiter.take(now), 0);
    }
    assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test("a burst of failures is one failure of the moment", () => {
    fail(20, 100);
    assert.equal(limiter.pause, undefined);
    assert.equal(limiter.take(100), 0);
  });

  test("failures of requests from before the pause do not make it longer", () => {
    fail(10, 1000);
    const until = limiter.pause?.until;
    assert.equal(until, 2000);
    fail(20, 1000);
    assert.equal(limiter.pause?.until, until);
  });

  test("a token that is given back does not end the pause", () => {
    fail(10, 1000);
    limiter.take(2000);
    limiter.giveBack();
    assert.equal(limiter.take(2000), 0);
    assert.equal(limiter.take(2000), Infinity);
    assert.equal(limiter.pause?.reason, "outage");
  });

  test("an answer between failures ends the count", () => {
    for (let failure = 1; failure < 20; failure++) {
      limiter.failed(failure * 1000);
      if (failure % 9 === 0) limiter.answered();
    }
    assert.equal(limiter.pause, undefined);
  });
});
