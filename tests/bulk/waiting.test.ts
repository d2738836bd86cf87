// Tests the waits of a bulk run in simulated time: every wait ends when anything changes.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import type { SignInTokensErrorFields } from "clerk-sign-in-tokens";
import type { ManyResult, Pause } from "clerk-sign-in-tokens/bulk";

import { installed } from "../support/app.ts";
import { never } from "../support/client.ts";
import { Clock } from "../support/clock.ts";

const { SignInTokensError } = await installed();
const { BulkRun } = await installed("bulk/run.js");
const { fakeToken } = await installed("testing.js");

type Options<Input> = ConstructorParameters<typeof BulkRun<Input>>[1];
/** Throws, or not, for a call of an input. */
type Answer<Input> = (input: Input, attempt: number) => void;

const LONGEST_TIMER = 2 ** 31 - 1;
const ENOUGH = { message: "enough" };
const failed = (fields: Partial<SignInTokensErrorFields>) =>
  new SignInTokensError({ code: "server_error", message: "", attempts: 1, ...fields });

let clock: Clock;
let sent: { input: unknown; at: number }[];
beforeEach(() => {
  clock = new Clock();
  sent = [];
});

/** Returns a run whose calls take 10 ms, then end with what `answer` throws, or with a token. */
function run<Input>(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  answer: Answer<Input> = () => {},
  options: Partial<Options<Input>> = {},
) {
  const attempts = new Map<Input, number>();
  const send = async (input: Input) => {
    const attempt = (attempts.get(input) ?? 0) + 1;
    sent.push({ input, at: clock.now() });
    attempts.set(input, attempt);
    await clock.sleep(10);
    answer(input, attempt);
    return fakeToken();
  };
  const defaults = { isIdempotent: false, concurrency: 20, maxRetries: 10, limit: () => 1000 };
  return new BulkRun(inputs, { clock, send, ...defaults, ...options });
}

const results = <Input>(bulk: AsyncIterable<ManyResult<Input>>) =>
  clock.runUntil(Array.fromAsync(bulk));
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const abortAfter = (ms: number) => {
  const controller = new AbortController();
  clock.after(ms, () => controller.abort(new Error("enough")));
  return controller.signal;
};
/** Refuses the first call of each input. */
const refuseOnce = (retryAfter: number) => (_: unknown, attempt: number) => {
  if (attempt === 1) throw failed({ code: "rate_limited", retryAfter });
};

describe("the wait for the next input", () => {
  test("does not delay a retry if the inputs wait for results", async () => {
    let taken = 0;
    let wake = () => {};
    async function* inputs() {
      for (let n = 0; n < 6; n += 2) {
        yield n;
        yield n + 1;
        while (taken < n + 2) await new Promise<void>((resolve) => (wake = resolve));
      }
    }
    const take = async () => {
      const seen = [];
      for await (const { input } of run(inputs(), refuseOnce(1))) {
        seen.push(input);
        taken++;
        wake();
      }
      return seen.sort();
    };
    assert.deepEqual(await clock.runUntil(take()), numbers(6));
  });

  test("ends with an abort if the input never comes", async () => {
    const stuck = { [Symbol.asyncIterator]: () => ({ next: never }) };
    const bulk = run(stuck, undefined, { signal: abortAfter(50) });
    await assert.rejects(results(bulk), ENOUGH);
  });

  test("ends with an abort that the inputs themselves cause", async () => {
    const controller = new AbortController();
    const next = () => {
      controller.abort(new Error("enough"));
      return never();
    };
    const inputs = { [Symbol.asyncIterator]: () => ({ next }) };
    const bulk = run(inputs, undefined, { signal: controller.signal });
    await assert.rejects(results(bulk), ENOUGH);
  });
});

test("inputs are pulled one by one, no faster than the results are taken", async () => {
  let pulled = 0;
  function* inputs() {
    while (pulled < 100) yield pulled++;
  }
  const bulk = run(inputs(), undefined, { concurrency: 4 });
  await clock.runUntil(clock.sleep(10_000));
  assert.equal(pulled, 0, "no input is pulled before the first next()");
  await clock.runUntil(bulk.next());
  await clock.runUntil(clock.sleep(10_000));
  assert.equal(pulled, 5, "one result is taken, up to four inputs wait");
});

test("a pause sets no timer longer than the maximum", async () => {
  const timers: number[] = [];
  const { after } = clock;
  clock.after = (ms, callback) => {
    timers.push(ms);
    return after(ms, callback);
  };
  const [{ error }] = await results(run(["a"], refuseOnce(10_000_000)));
  assert.ifError(error);
  assert.ok(sent[1].at >= 10_000_000_000, "the run waited for Retry-After");
  assert.ok(Math.max(...timers) <= LONGEST_TIMER);
  assert.ok(timers.length < 20, `${timers.length} timers`);
});

describe("the retry of one input", () => {
  test("waits for a random part of the back-off", async (context) => {
    context.mock.method(Math, "random", () => 0.999);
    const answer = (_: unknown, attempt: number) => {
      if (attempt === 1) throw failed({ code: "network", outcome: "unknown" });
    };
    await results(run(["a"], answer, { isIdempotent: true }));
    assert.deepEqual(
      sent.map(({ at }) => at),
      [0, 10 + 499],
    );
  });

  test("does not happen after an abort: the input ends with its error", async () => {
    const answer = () => {
      throw failed({ outcome: "unknown", retryAfter: 60 });
    };
    const bulk = run(["a"], answer, { isIdempotent: true, signal: abortAfter(1000) });
    const { value } = await clock.runUntil(bulk.next());
    assert.equal(value?.error?.code, "server_error");
    await assert.rejects(clock.runUntil(bulk.next()), ENOUGH);
    assert.equal(sent.length, 1);
  });
});

test("the limit follows the client, which may learn the kind of its instance late", async () => {
  let limit = 100;
  clock.after(1500, () => (limit = 1000));
  assert.equal((await results(run(numbers(105), undefined, { limit: () => limit }))).length, 105);
  assert.ok(clock.now() < 4000);
});

test("a run reports an outage, each longer pause of it, and its end", async () => {
  const events: unknown[] = [];
  const observers = {
    onPause: ({ reason, until, error }: Pause) =>
      events.push([reason, until - Date.now() > 0, error.code]),
    onResume: () => events.push("resumed"),
  };
  let failures = 0;
  const answer = () => {
    if (failures++ < 12) throw failed({ code: "network", outcome: "unknown" });
  };
  const options = { ...observers, concurrency: 1, limit: () => 100 };
  await results(run(numbers(15), answer, options));
  const pause = ["outage", true, "network"];
  assert.deepEqual(events, [pause, pause, pause, "resumed"]);
});

describe("custom inputs and signals:", () => {
  test("an iterator result that is not an object ends the run", async () => {
    for (const result of [undefined, null, 5]) {
      const inputs = { [Symbol.iterator]: () => ({ next: () => result as never }) };
      await assert.rejects(results(run(inputs)), TypeError);
    }
  });

  test("a signal that refuses listeners ends the run before an input is pulled", async () => {
    const addEventListener = () => {
      throw new Error("no listeners here");
    };
    const signal = { aborted: false, addEventListener } as never;
    const bulk = run(["a"], undefined, { signal });
    await assert.rejects(results(bulk), { message: "no listeners here" });
    assert.deepEqual(sent, []);
  });

  test("a signal without removeEventListener loses no result", async () => {
    const signal = { aborted: false, addEventListener() {} } as never;
    assert.equal((await results(run(["a"], undefined, { signal }))).length, 1);
  });
});
