// Deadlines, cancellation, overrides and re-entrancy of single calls, in Node.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";

import { Control } from "../../emulator/client.js";
import { SECRET_KEY, startEmulator } from "../../emulator/server.js";
import { installed } from "../support/app.js";

const { SignInTokens, SignInTokensError } = await installed();
const TOKEN = {
  object: "sign_in_token",
  id: "sit_1",
  status: "pending",
  user_id: "user_1",
  created_at: 1,
  updated_at: 1,
};
const never = () => new Promise(() => {});
const ok = async () => Response.json(TOKEN);

let emulator, control, tokens;

before(async () => {
  emulator = await startEmulator({ rateLimit: 0 });
  control = new Control(emulator.url);
});
after(() => emulator.close());
beforeEach(async () => {
  await control.reset();
  tokens = new SignInTokens({ secretKey: SECRET_KEY, apiUrl: emulator.url });
});

function client(options) {
  return new SignInTokens({ secretKey: SECRET_KEY, apiUrl: emulator.url, ...options });
}

describe("an abort", () => {
  const reason = { why: "changed my mind" };
  let controller;
  beforeEach(() => (controller = new AbortController()));
  afterEach(() =>
    assert.equal(
      getEventListeners(controller.signal, "abort").length,
      0,
      "a listener was left behind",
    ),
  );

  const aborted = (call) => assert.rejects(call, (error) => error === reason);

  test("before the call makes no request", async () => {
    controller.abort(reason);
    await aborted(() => tokens.create({ userId: "user_1" }, { signal: controller.signal }));
    assert.deepEqual(await control.requests(), []);
  });

  test("comes after bad input", async () => {
    controller.abort(reason);
    await assert.rejects(() => tokens.create({ userId: "" }, { signal: controller.signal }), {
      code: "invalid_argument",
    });
  });

  test("stops the fetch in flight", async () => {
    let seen;
    const fetch = (_, { signal }) => {
      seen = signal;
      queueMicrotask(() => controller.abort(reason));
      return never();
    };
    await aborted(() => client({ fetch }).revoke("sit_1", { signal: controller.signal }));
    assert.equal(seen.aborted, true);
    assert.equal(seen.reason, reason);
  });

  test("stops the key's look-up", async () => {
    const secretKey = () => {
      queueMicrotask(() => controller.abort(reason));
      return never();
    };
    await aborted(() => client({ secretKey }).revoke("sit_1", { signal: controller.signal }));
    assert.deepEqual(await control.requests(), []);
  });

  test("stops a wait", async () => {
    await control.fault({ status: 429, headers: { "retry-after": "3600" } });
    const onAttempt = ({ retryIn }) => retryIn && controller.abort(reason);
    await aborted(() =>
      client({ onAttempt }).revoke("sit_1", { signal: controller.signal, timeout: 2 ** 31 - 1 }),
    );
    assert.equal((await control.requests()).length, 1);
  });

  test("stops the reading of the answer, and cancels it", async () => {
    let cancelled = false;
    const body = new ReadableStream(
      { pull: () => controller.abort(reason), cancel: () => void (cancelled = true) },
      { highWaterMark: 0 },
    );
    await aborted(() =>
      client({ fetch: async () => new Response(body) }).revoke("sit_1", {
        signal: controller.signal,
      }),
    );
    await new Promise(setImmediate);
    assert.equal(cancelled, true);
  });

  test("lets go of an answer that comes later", async () => {
    let cancelled = false;
    let answer;
    const fetch = () => {
      queueMicrotask(() => controller.abort(reason));
      return new Promise((resolve) => (answer = resolve));
    };
    await aborted(() => client({ fetch }).revoke("sit_1", { signal: controller.signal }));
    answer(new Response(new ReadableStream({ cancel: () => void (cancelled = true) })));
    await new Promise(setImmediate);
    assert.equal(cancelled, true);
  });

  test("with no reason is an AbortError, as fetch has it", async () => {
    controller.abort();
    await assert.rejects(() => tokens.revoke("sit_1", { signal: controller.signal }), {
      name: "AbortError",
    });
  });

  test("after success changes nothing, and the signal serves many calls", async () => {
    const { signal } = controller;
    const all = await Promise.all(
      Array.from({ length: 20 }, () => tokens.create({ userId: "user_1" }, { signal })),
    );
    controller.abort(reason);
    assert.equal(new Set(all.map(({ id }) => id)).size, 20);
  });
});

describe("the time limit", () => {
  const timedOut = (outcome, attempts) => (error) => {
    assert.ok(error instanceof SignInTokensError);
    assert.deepEqual([error.code, error.outcome, error.attempts], ["timeout", outcome, attempts]);
    return true;
  };

  test("covers the key's look-up", async () => {
    await assert.rejects(
      () => client({ secretKey: never, timeout: 5 }).create({ userId: "user_1" }),
      timedOut("none", 0),
    );
  });

  test("covers a fetch that never settles", async () => {
    await assert.rejects(
      () => client({ fetch: never, timeout: 5 }).create({ userId: "user_1" }),
      timedOut("unknown", 1),
    );
  });

  test("covers a body that never ends", async () => {
    const fetch = async () => new Response(new ReadableStream({}));
    await assert.rejects(
      () => client({ fetch, timeout: 5 }).create({ userId: "user_1" }),
      timedOut("unknown", 1),
    );
  });

  test("of the call wins over the client's", async () => {
    await assert.rejects(
      () => client({ fetch: never }).revoke("sit_1", { timeout: 5 }),
      timedOut("unknown", 1),
    );
  });

  test("does not begin a wait that would outlast it: seconds and date", async () => {
    for (const value of ["3600", new Date(Date.now() + 3600_000).toUTCString()]) {
      await control.fault({ status: 429, headers: { "retry-after": value } });
      await assert.rejects(
        () => tokens.create({ userId: "user_1" }),
        (error) => {
          assert.deepEqual(
            [error.code, error.outcome, error.attempts],
            ["rate_limited", "none", 1],
          );
          assert.ok(error.retryAfter > 3500 && error.retryAfter <= 3600, `${error.retryAfter}`);
          return true;
        },
      );
    }
  });
});

describe("retries", () => {
  test("a date that has passed is no wait", async () => {
    await control.fault({
      status: 429,
      headers: { "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT" },
    });
    assert.equal((await tokens.create({ userId: "user_1" })).status, "pending");
  });

  test("maxRetries of the client and of the call", async () => {
    await control.fault({ times: 100, status: 429, headers: { "retry-after": "0" } });
    await assert.rejects(() => client({ maxRetries: 0 }).create({ userId: "user_1" }), {
      attempts: 1,
    });
    await assert.rejects(
      () => client({ maxRetries: 0 }).create({ userId: "user_1" }, { maxRetries: 4 }),
      { attempts: 5 },
    );
  });

  test("a create whose answer was lost is not repeated, though its token exists", async () => {
    await control.fault({ drop: "answer", effect: true });
    await assert.rejects(() => tokens.create({ userId: "user_1" }), {
      code: "network",
      outcome: "unknown",
      attempts: 1,
    });
    assert.equal((await control.tokens()).length, 1);
  });

  test("a revoke whose answer was lost is told apart from one of a token that is not pending", async () => {
    const { id } = await tokens.create({ userId: "user_1" });
    await control.fault({ operation: "revoke", drop: "answer", effect: true });
    await assert.rejects(() => tokens.revoke(id), {
      code: "rejected",
      status: 400,
      outcome: "unknown",
      attempts: 2,
    });
    await assert.rejects(() => tokens.revoke(id), {
      code: "rejected",
      status: 400,
      outcome: "none",
      attempts: 1,
    });
  });

  test("the observer sees each attempt", async () => {
    const events = [];
    await control.fault({ operation: "revoke", status: 503, headers: { "retry-after": "0" } });
    const observed = client({ onAttempt: (event) => events.push(event) });
    const { id } = await observed.create({ userId: "user_1" });
    await observed.revoke(id);
    assert.deepEqual(
      events.map(({ duration, clerkTraceId, ...event }) => {
        assert.ok(duration >= 0);
        assert.equal(typeof clerkTraceId, event.status === 200 ? "string" : "undefined");
        return event;
      }),
      [
        { operation: "create", attempt: 1, status: 200 },
        { operation: "revoke", attempt: 1, status: 503, code: "server_error", retryIn: 0 },
        { operation: "revoke", attempt: 2, status: 200 },
      ],
    );
  });
});

describe("what users pass in may", () => {
  test("call the client itself", async () => {
    let inner;
    const nested = client({
      secretKey: async () => (await tokens.create({ userId: "user_1" }), SECRET_KEY),
      fetch: async (url, init) => (await tokens.create({ userId: "user_2" }), fetch(url, init)),
      onAttempt: () => void (inner ??= nested.create({ userId: "user_3" })),
    });
    await nested.create({ userId: "user_4" });
    await inner;
    assert.deepEqual((await control.tokens()).map(({ user_id }) => user_id).sort(), [
      "user_1",
      "user_1",
      "user_2",
      "user_2",
      "user_3",
      "user_4",
    ]);
  });

  test("throw or reject as an observer, without costing the token", async () => {
    for (const onAttempt of [
      () => {
        throw new Error("no");
      },
      async () => {
        throw new Error("no");
      },
      () => ({ catch: 5 }),
    ]) {
      assert.equal((await client({ onAttempt }).create({ userId: "user_1" })).status, "pending");
    }
  });

  for (const [what, fetch, code, outcome] of [
    [
      "throws",
      () => {
        throw new Error(`boom ${SECRET_KEY}`);
      },
      "network",
      "unknown",
    ],
    ["rejects with no error", () => Promise.reject(undefined), "network", "unknown"],
    [
      "rejects with an error whose getters throw",
      () =>
        Promise.reject(
          Object.defineProperty(new Error("x"), "message", {
            get() {
              throw new Error("y");
            },
          }),
        ),
      "network",
      "unknown",
    ],
    ["gives nothing", () => undefined, "invalid_response", "unknown"],
    ["gives a number", () => 200, "invalid_response", "unknown"],
    ["gives an object", async () => ({ status: 200 }), "invalid_response", "unknown"],
    [
      "gives headers that throw",
      async () => ({
        status: 200,
        headers: {
          get() {
            throw new Error("x");
          },
        },
      }),
      "network",
      "unknown",
    ],
    [
      "gives headers that are no text",
      async () => ({ status: 404, headers: { get: () => 5 } }),
      "not_found",
      "unknown",
    ],
    [
      "gives a 404 with a proxy's page",
      async () => new Response("<h1>Not found</h1>", { status: 404 }),
      "not_found",
      "unknown",
    ],
    [
      "gives a text() that is no text",
      async () => ({ status: 200, headers: new Map(), text: async () => ({}) }),
      "invalid_response",
      "unknown",
    ],
    [
      "gives empty chunks for ever",
      async () => new Response(new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array()) })),
      "invalid_response",
      "unknown",
    ],
    [
      "gives an odd status",
      async () => ({ status: NaN, headers: new Headers() }),
      "invalid_response",
      "unknown",
    ],
    [
      "gives a body of text",
      async () => new Response(new ReadableStream({ start: (c) => c.enqueue("text") })),
      "network",
      "unknown",
    ],
    [
      "gives a body that was read",
      async () => {
        const r = await ok();
        await r.text();
        return r;
      },
      "network",
      "unknown",
    ],
    [
      "gives a body that fails",
      async () =>
        new Response(new ReadableStream({ start: (c) => c.error(new Error(SECRET_KEY)) })),
      "network",
      "unknown",
    ],
    [
      "gives an endless body",
      async () =>
        new Response(new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(4096)) })),
      "invalid_response",
      "unknown",
    ],
    [
      "gives a hidden redirect",
      async () => ({ status: 0, type: "opaqueredirect", headers: new Headers(), body: null }),
      "invalid_response",
      "unknown",
    ],
  ]) {
    test(`be a fetch that ${what}`, async () => {
      await assert.rejects(
        () => client({ fetch }).create({ userId: "user_1" }),
        (error) => {
          assert.ok(error instanceof SignInTokensError, error?.stack);
          assert.deepEqual([error.code, error.outcome, error.attempts], [code, outcome, 1]);
          assert.ok(!`${error.stack} ${error.cause?.stack}`.includes(SECRET_KEY));
          return true;
        },
      );
      assert.equal((await client({ fetch: ok }).create({ userId: "user_1" })).id, "sit_1");
    });
  }

  test("be a fetch of another make, with a body that is no web stream", async () => {
    const response = {
      status: 200,
      headers: new Map([["x", "y"]]),
      body: {},
      text: async () => JSON.stringify(TOKEN),
    };
    assert.equal(
      (await client({ fetch: () => response }).create({ userId: "user_1" })).id,
      "sit_1",
    );
  });
});

test("concurrent calls do not meet", async () => {
  const users = Array.from({ length: 200 }, (_, n) => `user_${n}`);
  const made = await Promise.all(users.map((userId) => tokens.create({ userId })));
  assert.deepEqual(
    made.map(({ userId }) => userId),
    users,
  );
  const revoked = await Promise.all(made.map(({ id }) => tokens.revoke(id)));
  assert.deepEqual(
    revoked.map(({ id }) => id),
    made.map(({ id }) => id),
  );
});

test("free() lets a call that is under way go on", async () => {
  const call = tokens.create({ userId: "user_1" });
  tokens.free();
  assert.equal((await call).status, "pending");
});
