// Tests the waits of a bulk run in simulated time: every wait ends when anything changes.
import assert from "node:assert/strict";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { app, installed } from "../support/app.ts";
import { Clock } from "../support/clock.ts";

const { SignInTokensError } = await installed();
const { BulkRun } = await import(
  pathToFileURL(join(app, "node_modules", "clerk-sign-in-tokens", "bulk", "run.js"))
);

const LONGEST_TIMER = 2 ** 31 - 1;
const never = () => new Promise(() => {});
const rateLimited = (retryAfter) =>
  new SignInTokensError({ code: "rate_limited", message: "", attempts: 1, retryAfter });
const lost = () =>
  new SignInTokensError({ code: "network", message: "", attempts: 1, outcome: "unknown" });
const invalid = () => new SignInTokensError({ code: "invalid_argument", message: "" });

let clock, sent;
beforeEach(() => {
  clock = new Clock();
  sent = [];
});

/** Returns a run whose requests take 10 ms and end with what `answer(input, attempt)` returns or throws. */
function run(inputs, answer, options) {
  const attempts = new Map();
  const send = async (input) => {
    sent.push({ input, at: clock.now() });
    attempts.set(input, (attempts.get(input) ?? 0) + 1);
    await clock.sleep(10);
    return answer(input, attempts.get(input));
  };
  return new BulkRun(inputs, {
    clock,
    send,
    isIdempotent: false,
    concurrency: 20,
    maxRetries: 10,
    limit: () => 1000,
    ...options,
  });
}

const results = (bulk) => clock.runUntil(Array.fromAsync(bulk));
const refuseOnce = (retryAfter) => (input, attempt) => {
  if (attempt === 1) throw rateLimited(retryAfter);
  return input;
};

describe("the wait for the next input", () => {
  test("does not delay a retry if the inputs wait for results", async () => {
    let taken = 0;
    let wake;
    async function* inputs() {
      for (let n = 0; n < 6; n += 2) {
        yield n;
        yield n + 1;
        while (taken < n + 2) await new Promise((resolve) => (wake = resolve));
      }
    }
    const seen = [];
    await clock.runUntil(
      (async () => {
        for await (const { token } of run(inputs(), refuseOnce(1))) {
          seen.push(token);
          taken++;
          wake?.();
        }
      })(),
    );
    assert.deepEqual(seen.sort(), [0, 1, 2, 3, 4, 5]);
  });

  test("does not delay a retry with Retry-After: 0", async () => {
    async function* inputs() {
      yield "a";
      await clock.sleep(4000);
      yield "b";
    }
    await results(run(inputs(), refuseOnce(0)));
    assert.deepEqual(
      sent.filter(({ at }) => at < 4000).map(({ input }) => input),
      ["a", "a"],
    );
  });

  test("takes no token from the token bucket: an input that arrives during a pause is sent after it", async () => {
    async function* inputs() {
      yield "a";
      await clock.sleep(2000);
      yield "b";
      await clock.sleep(1000);
      yield "c";
    }
    const begun = clock.now();
    assert.equal((await results(run(inputs(), refuseOnce(5)))).length, 3);
    const during = sent.filter(({ at }) => at > begun && at < 5010);
    assert.deepEqual(during, [], "no request is sent during the pause");
  });

  test("ends with an abort if the input never comes", async () => {
    const controller = new AbortController();
    const stuck = { [Symbol.asyncIterator]: () => ({ next: never }) };
    clock.after(50, () => controller.abort(new Error("enough")));
    await assert.rejects(results(run(stuck, String, { signal: controller.signal })), {
      message: "enough",
    });
  });

  test("ends with an abort that the inputs themselves cause", async () => {
    const controller = new AbortController();
    const inputs = {
      [Symbol.iterator]: () => ({
        next() {
          controller.abort(new Error("enough"));
          return never();
        },
      }),
    };
    await assert.rejects(results(run(inputs, String, { signal: controller.signal })), {
      message: "enough",
    });
  });
});

describe("a pause", () => {
  test("sets no timer longer than the maximum", async () => {
    const timers = [];
    const { after } = clock;
    clock.after = (ms, callback) => {
      timers.push(ms);
      return after(ms, callback);
    };
    const [{ token }] = await results(run(["a"], refuseOnce(10_000_000)));
    assert.equal(token, "a");
    assert.ok(sent[1].at >= 10_000_000_000, "the run waited for Retry-After");
    assert.ok(Math.max(...timers) <= LONGEST_TIMER);
    assert.ok(timers.length < 20, `${timers.length} timers`);
  });

  test("of an outage does not end when an invalid input is reported without a request", async () => {
    const inputs = Array.from({ length: 40 }, (_, n) => (n === 10 ? "invalid" : n));
    const answer = (input) => {
      throw input === "invalid" ? invalid() : lost();
    };
    await results(run(inputs, answer, { concurrency: 1, limit: () => 100 }));
    const times = sent.filter(({ input }) => input !== "invalid").map(({ at }) => at);
    // After ten failures in a row the circuit breaker is half-open: one request goes alone, and its
    // failure doubles the pause.
    assert.ok(times[10] - times[9] >= 1000);
    assert.ok(times[11] - times[10] >= 2000);
  });
});

describe("the retry of one input", () => {
  const failed = (fields) =>
    new SignInTokensError({ message: "", attempts: 1, outcome: "unknown", ...fields });
  const any = { isIdempotent: true };
  const sentOf = (input) => sent.filter((request) => request.input === input).map(({ at }) => at);

  test("waits for Retry-After, while other inputs are sent", async () => {
    const answer = (input, attempt) => {
      if (input === "a" && attempt === 1) throw failed({ code: "server_error", retryAfter: 5 });
      return input;
    };
    const order = (await results(run(["a", "b", "c"], answer, any))).map(({ input }) => input);
    const [first, second] = sentOf("a");
    assert.ok(second - first >= 5000, `${second - first} ms`);
    assert.deepEqual(order, ["b", "c", "a"]);
  });

  test("waits for a back-off that doubles up to 8 seconds", async (context) => {
    context.mock.method(Math, "random", () => 0.999);
    const answer = () => {
      throw failed({ code: "network" });
    };
    const [{ error }] = await results(run(["a"], answer, { ...any, maxRetries: 7 }));
    const waits = sentOf("a").flatMap((at, n, all) => (n > 0 ? at - all[n - 1] - 10 : []));
    const expected = [500, 1000, 2000, 4000, 8000, 8000, 8000];
    waits.forEach((wait, n) => assert.ok(Math.abs(wait - expected[n]) < 10, `${waits}`));
    assert.deepEqual([error.attempts, error.outcome], [8, "unknown"]);
  });

  test("pulls no more inputs than may be in flight", async () => {
    let pulled = 0;
    function* inputs() {
      while (pulled < 100) yield pulled++;
    }
    const answer = (input, attempt) => {
      if (attempt === 1) throw failed({ code: "server_error", retryAfter: 60 });
      return input;
    };
    const bulk = run(inputs(), answer, { ...any, concurrency: 5 });
    const first = bulk.next();
    await clock.runUntil(clock.sleep(10_000));
    assert.equal(pulled, 5);
    await clock.runUntil(first);
    assert.equal((await results(bulk)).length, 99);
  });

  test("does not happen after an abort: the input ends with its error", async () => {
    const controller = new AbortController();
    const answer = () => {
      throw failed({ code: "server_error", retryAfter: 60 });
    };
    const bulk = run(["a"], answer, { ...any, signal: controller.signal });
    clock.after(1000, () => controller.abort(new Error("enough")));
    const { value } = await clock.runUntil(bulk.next());
    assert.equal(value.error.code, "server_error");
    await assert.rejects(clock.runUntil(bulk.next()), { message: "enough" });
    assert.equal(sent.length, 1);
  });
});

test("the limit follows the client, which may learn late of which instance its key is", async () => {
  let limit = 100;
  clock.after(1500, () => (limit = 1000));
  const inputs = Array.from({ length: 105 }, (_, n) => n);
  const begun = clock.now();
  assert.equal((await results(run(inputs, String, { limit: () => limit }))).length, 105);
  assert.ok(clock.now() - begun < 4000);
});

describe("the caller is told of", () => {
  const told = [];
  const observers = {
    onPause: ({ reason, until, error }) => told.push([reason, until - Date.now() > 0, error?.code]),
    onResume: () => told.push("resumed"),
  };
  beforeEach(() => told.splice(0));

  test("a 429, and the answer that ends the pause", async () => {
    await results(run(["a", "b"], refuseOnce(5), { ...observers, concurrency: 1 }));
    const pause = ["rate_limit", true, "rate_limited"];
    assert.deepEqual(told, [pause, "resumed", pause, "resumed"]);
  });

  test("an outage, each longer pause of it, and its end", async () => {
    let failures = 0;
    const answer = () => {
      if (failures++ < 12) throw lost();
      return "token";
    };
    const inputs = Array.from({ length: 15 }, (_, n) => n);
    await results(run(inputs, answer, { ...observers, concurrency: 1, limit: () => 100 }));
    const pause = ["outage", true, "network"];
    assert.deepEqual(told, [pause, pause, pause, "resumed"]);
  });

  test("nothing that an observer throws", async () => {
    const onPause = () => {
      throw new Error("observer");
    };
    assert.equal((await results(run(["a"], refuseOnce(1), { onPause }))).length, 1);
  });
});

test("a create that made no connection is sent again", async () => {
  const unsent = (input, attempt) => {
    if (attempt === 1)
      throw new SignInTokensError({ code: "network", message: "", attempts: 1, outcome: "none" });
    return input;
  };
  const [{ token }] = await results(run(["a"], unsent));
  assert.equal(token, "a");
});

test("a burst of failures does not pause a run", async () => {
  const answer = (input) => {
    if (input < 20) throw lost();
    return input;
  };
  const inputs = Array.from({ length: 100 }, (_, n) => n);
  const begun = clock.now();
  const paused = [];
  const options = { limit: () => 10_000, onPause: (pause) => paused.push(pause) };
  await results(run(inputs, answer, options));
  assert.deepEqual(paused, []);
  assert.ok(clock.now() - begun < 1000);
});

describe("custom inputs and signals:", () => {
  test("an iterator result that is not an object ends the run", async () => {
    for (const result of [undefined, null, 5]) {
      const inputs = { [Symbol.iterator]: () => ({ next: () => result }) };
      await assert.rejects(results(run(inputs, String)), TypeError);
    }
  });

  test("a signal that refuses listeners ends the run before an input is pulled", async () => {
    const signal = {
      aborted: false,
      addEventListener() {
        throw new Error("no listeners here");
      },
    };
    await assert.rejects(results(run(["a"], String, { signal })), {
      message: "no listeners here",
    });
    assert.deepEqual(sent, []);
  });

  test("a signal without removeEventListener loses no result", async () => {
    const signal = { aborted: false, addEventListener() {} };
    assert.equal((await results(run(["a"], String, { signal }))).length, 1);
  });
});
