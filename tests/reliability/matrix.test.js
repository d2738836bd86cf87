// Tests every fault × operation × runtime: which requests arrived, what the caller saw, and that
// nothing is left pending. The first table of docs/reliability.md holds the results; UPDATE_DOCS=1
// rewrites it.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";

import { Control } from "../../emulator/control-client.ts";
import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { format } from "../../scripts/format.ts";
import { SERVERS } from "../support/runtimes.ts";

const DOC = new URL("../../docs/reliability.md", import.meta.url);
const ERRORS = { errors: [{ code: "some_code", message: "m", long_message: "l" }] };
const TOKEN = {
  object: "sign_in_token",
  id: "sit_1",
  status: "pending",
  user_id: "user_1",
  created_at: 1,
  updated_at: 1,
};
const FOREVER = 600_000;

const answer = (status, headers = {}) => ({ status, headers, body: ERRORS });

/**
 * The faults. Each repeats until it is cleared; `redirect` is the status of a redirect to another
 * origin.
 */
const FAULTS = [
  ["reset before the answer", { drop: "answer" }],
  ["reset in mid-body", { drop: "body", body: TOKEN }],
  ["slow headers", { delay: FOREVER }],
  ["slow body", { bodyDelay: FOREVER, body: TOKEN }],
  ["301 to another origin", { redirect: 301 }],
  ["307 to another origin", { redirect: 307 }],
  ["400", answer(400)],
  ["401", answer(401)],
  ["403", answer(403)],
  ["404", answer(404)],
  ["404 with a proxy's HTML", { status: 404, body: "<h1>Not found</h1>" }],
  ["409", answer(409)],
  ["422", answer(422)],
  ["429 with Retry-After", answer(429, { "retry-after": "0" })],
  ["429 with a long Retry-After", answer(429, { "retry-after": "3600" })],
  ["429 without Retry-After", answer(429)],
  ["500", answer(500)],
  [
    "502 with HTML",
    { status: 502, headers: { "content-type": "text/html" }, body: "<h1>Bad gateway</h1>" },
  ],
  ["503 with Retry-After", answer(503, { "retry-after": "0" })],
  ["504", answer(504)],
  ["200 with rubbish", { status: 200, body: "<h1>Hello</h1>" }],
  ["200 with 100 MB", { status: 200, fill: 100_000_000 }],
];

const golden = process.env.UPDATE_DOCS ? undefined : readFileSync(DOC, "utf8");

describe("the fault matrix", { concurrency: 2 }, () => {
  for (const name of Object.keys(SERVERS)) {
    test(name, async () => {
      const seen = await format(document(await observe(SERVERS[name])), "docs/reliability.md");
      if (!golden && name === "Node") writeFileSync(DOC, seen);
      assert.equal(
        seen,
        golden ?? seen,
        "docs/reliability.md is out of date: run UPDATE_DOCS=1 npm test to update it",
      );
    });
  }
});

async function observe(start) {
  const [emulator, elsewhere] = [
    await startEmulator({ rateLimit: 0 }),
    await startEmulator({ rateLimit: 0 }),
  ];
  const runtime = await start();
  try {
    const lines = [];
    for (const [fault, ordered] of FAULTS) {
      const [create, revoke] = [
        await observeOne(runtime, emulator.url, elsewhere.url, "create", ordered),
        await observeOne(runtime, emulator.url, elsewhere.url, "revoke", ordered),
      ];
      lines.push(`| ${fault} | ${create} | ${revoke} |`);
    }
    assert.deepEqual(await new Control(elsewhere.url).requests(), [], "a redirect was followed");
    return lines;
  } finally {
    await runtime.stop();
    await emulator.close();
    await elsewhere.close();
  }
}

const NOTHING_PENDING = { timers: 0, fetches: 0, listeners: 0 };

/**
 * Returns the cells of the table for one operation and fault. Checks that the operation works once
 * the fault is cleared.
 */
async function observeOne(runtime, url, elsewhere, operation, { redirect, ...ordered }) {
  const control = new Control(url);
  await control.reset();
  const fault = redirect
    ? { status: redirect, headers: { location: `${elsewhere}/v1/sign_in_tokens` } }
    : ordered;
  const argument = operation === "create" ? { userId: "user_1" } : (await live(runtime, url)).id;
  await control.fault({ operation, times: 100, ...fault });
  const call = async (timeout) => {
    const before = await control.requests();
    const { error, pending } = await runtime.call({
      client: { secretKey: SECRET_KEY, apiUrl: url },
      operation,
      argument,
      meter: true,
      options: { timeout, maxRetries: 2 },
    });
    assert.deepEqual(pending, NOTHING_PENDING);
    return { error, arrived: (await control.requests()).slice(before.length) };
  };
  const isSlow = ordered.delay || ordered.bodyDelay;
  let seen = await call(isSlow ? 300 : 20_000);
  // On a busy machine the timeout may come before the request is there.
  if (isSlow && seen.arrived.length === 0) seen = await call(10_000);
  const { error, arrived } = seen;
  assert.equal(error.isSignInTokensError, true);
  assert.equal(arrived.length, error.attempts, `${operation}: ${JSON.stringify(ordered)}`);
  if (fault.fill)
    assert.ok(arrived[0].sent < fault.fill / 2, `${arrived[0].sent} bytes of the body were sent`);
  await control.clearFaults();
  await worksAgain(runtime, url, operation, argument);
  return `\`${error.code}\` | ${error.status ?? "–"} | ${error.outcome} | ${error.attempts} | ${arrived.length}`;
}

async function worksAgain(runtime, url, operation, argument) {
  const client = { secretKey: SECRET_KEY, apiUrl: url };
  const healed = await runtime.call({ client, operation, argument, meter: true });
  const status = operation === "create" ? "pending" : "revoked";
  assert.equal(healed.token?.status, status, JSON.stringify(healed));
  assert.deepEqual(healed.pending, NOTHING_PENDING);
}

/** Creates a token to revoke, before the fault is in place. */
async function live(runtime, url) {
  const { token } = await runtime.call({
    client: { secretKey: SECRET_KEY, apiUrl: url },
    operation: "create",
    argument: { userId: "user_1" },
  });
  return token;
}

function document(lines) {
  return `# What happens when something goes wrong

\`tests/reliability/matrix.test.js\` writes this table. It runs the packed tarball against the emulator, and gets the same table in
workerd, Deno, Bun and Node. Each fault lasts as long as the call, with \`maxRetries: 2\`; "arrived" counts the requests that
reached the API. After each call no timer, listener or fetch is left, no request has followed a redirect, and once the
fault is cleared the next call succeeds.

| | create | status | outcome | attempts | arrived | revoke | status | outcome | attempts | arrived |
|---|---|---|---|---|---|---|---|---|---|---|
${lines.join("\n")}

How to read it:
- A create is retried only after a 429, or where [no connection was made](#when-no-connection-is-made). With \`outcome\` "unknown" a token may exist.
- A revoke is also retried after a lost answer, a 500, 502, 503 and 504, since revoking is idempotent.
- A 4xx is "none" only in Clerk's own error shape, or as a 429: any other 4xx may come from a proxy that lost an answer.
- A wait that would exceed \`timeout\` does not start (429 with a long Retry-After).
- A body is read up to 64 KiB.

${others()}`;
}

/** Returns the sections below the table, which other tests write. */
function others() {
  return readFileSync(DOC, "utf8").match(/^## [^]*/m)[0];
}
