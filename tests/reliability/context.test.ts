// Tests that each call runs in the async context of its own caller: the key is looked up, requests
// are sent and attempts are observed there, and an abort from another context sends nothing in that
// one.
import assert from "node:assert/strict";
import { test } from "node:test";

import { inEachRuntime, RUNTIMES } from "../support/programs.ts";

const ABC = ["A", "B", "C"];
const MANY = Array.from({ length: 12 }, (_, n) => `user${n}`);

/**
 * The calls of `names`: each saw these things, all in its own context. `KEY` stands for the
 * context's key.
 */
const each = (names: string[], ...things: string[]) =>
  Object.fromEntries(
    names.map((name) => [
      name,
      things.map((what) => `${what.replace("KEY", `sk_test_${name}`)} in ${name}`),
    ]),
  );

const SENT = ["key", "sent with KEY"];
const DONE = [...SENT, "attempt ok", "token"];
const RETRIED = (code: string) => [
  ...SENT,
  `attempt ${code}`,
  "sent with KEY",
  "attempt ok",
  "token",
];
const DONE_BUT_A = each(["B", "C"], ...DONE);

/** What happens, the program's scenario, and what each call sees. */
const SCENARIOS: [string, object, Record<string, string[]>][] = [
  ["one client in three contexts", { scenario: "shared" }, each(ABC, ...DONE)],
  ["an async secretKey", { scenario: "asyncKey" }, each(ABC, ...DONE)],
  [
    "keys that arrive in one tick",
    { scenario: "settled", names: ABC, hold: "secretKey" },
    each(ABC, ...DONE),
  ],
  [
    "callers that wait for one promise",
    { scenario: "onePromise", isBegun: false },
    each(ABC, ...DONE),
  ],
  [
    "fetches that wait for one promise",
    { scenario: "onePromise", isBegun: true },
    each(ABC, ...DONE),
  ],
  [
    "answers in another order",
    { scenario: "settled", names: ABC, order: ["C", "A", "B"] },
    each(ABC, ...DONE),
  ],
  ["a dozen answers in one tick", { scenario: "settled", names: MANY }, each(MANY, ...DONE)],
  ["bodies in chunks", { scenario: "chunks" }, each(ABC, ...DONE)],
  [
    "retries after a 429",
    { scenario: "retries", status: 429 },
    each(ABC, ...RETRIED("rate_limited")),
  ],
  [
    "revokes after 503s in one tick",
    { scenario: "retries", status: 503, operation: "revoke" },
    each(ABC, ...RETRIED("server_error")),
  ],
  ["timeouts", { scenario: "timeouts" }, each(ABC, ...SENT, "attempt timeout", "timeout")],
  ...[true, false].flatMap((isFirst): typeof SCENARIOS => [
    [
      `an abort ${isFirst ? "before" : "after"} the keys arrive`,
      { scenario: "aborted", hold: "secretKey", isFirst },
      { ...each(["A"], "key", "aborted"), ...DONE_BUT_A },
    ],
    [
      `an abort ${isFirst ? "before" : "after"} the answers arrive`,
      { scenario: "aborted", hold: "fetch", isFirst },
      { ...each(["A"], ...SENT, "aborted"), ...DONE_BUT_A },
    ],
  ]),
  [
    "an abort before a retry",
    { scenario: "abortedWait" },
    each(["A"], ...SENT, "attempt rate_limited", "aborted"),
  ],
  [
    "a call that ends abandoned ones",
    { scenario: "swept" },
    {
      ...each(["A"], ...SENT, "timeout"),
      ...each(["B"], ...SENT, "attempt rate_limited", "timeout"),
      ...each(["C"], "key", "timeout"),
      ...each(["D"], ...DONE),
    },
  ],
  ["a call inside a fetch", { scenario: "nested" }, each(["A", "B"], ...DONE)],
  [
    "bulk runs",
    { scenario: "bulk" },
    each(
      ABC,
      ...Array(4).fill("attempt ok"),
      ...Array(4).fill("key"),
      ...["object", "sent with KEY"].flatMap((what) => Array(4).fill(what)),
    ),
  ],
];

inEachRuntime(RUNTIMES, (run) => {
  for (const [what, argument, expected] of SCENARIOS)
    test(what, async () => assert.deepEqual(await run("contexts", argument), expected));
});
