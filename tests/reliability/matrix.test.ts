// Tests every fault × operation × runtime: which requests arrived, what the caller saw, and that
// nothing is left pending. The table is in docs/reliability.md; UPDATE_DOCS=1 rewrites it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { Fault } from "../../emulator/faults.ts";
import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import type { Emulator } from "../support/client.ts";
import { checkTable } from "../support/document.ts";
import { SERVERS, type Runtime } from "../support/runtimes.ts";
import { TOKEN } from "../support/token.ts";

const ERRORS = { errors: [{ code: "some_code", message: "m", long_message: "l" }] };
const FOREVER = 600_000;

const answer = (status: number, headers = {}) => ({ status, headers, body: ERRORS });

/**
 * The faults. Each repeats until it is cleared; `redirect` is the status of a redirect to another
 * origin.
 */
type Ordered = Partial<Fault> & { redirect?: number };
const FAULTS: [string, Ordered][] = [
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

describe("the fault matrix", { concurrency: 2 }, () => {
  for (const [name, start] of Object.entries(SERVERS))
    test(name, async () => {
      const cells = ["status", "outcome", "attempts", "arrived"];
      const head = ["", "create", ...cells, "revoke", ...cells];
      const rows = [head, head.map(() => "---"), ...(await observe(start))];
      await checkTable("docs/reliability.md", "faults", rows);
    });
});

async function observe(start: () => Promise<Runtime>) {
  await using emulator = await startEmulator({ rateLimit: 0 });
  await using elsewhere = await startEmulator({ rateLimit: 0 });
  await using runtime = await start();
  const location = `${elsewhere.url}/v1/sign_in_tokens`;
  const rows: (string | number)[][] = [];
  for (const [fault, { redirect: status, ...given }] of FAULTS) {
    const ordered = status ? { status, headers: { location } } : given;
    const create = await observeOne(runtime, emulator, "create", ordered);
    const revoke = await observeOne(runtime, emulator, "revoke", ordered);
    rows.push([fault, ...create, ...revoke]);
  }
  assert.deepEqual(await elsewhere.control.requests(), [], "a redirect was followed");
  return rows;
}

const NOTHING_PENDING = { timers: 0, fetches: 0, listeners: 0 };

/**
 * Returns the cells of the table for one operation and fault. Checks that the operation works once
 * the fault is cleared.
 */
async function observeOne(
  runtime: Runtime,
  { url, control }: Emulator,
  operation: "create" | "revoke",
  fault: Partial<Fault>,
) {
  await control.reset();
  const create = { operation: "create", argument: { userId: "user_1" } };
  const make = (asked: object) =>
    runtime.call({ client: { secretKey: SECRET_KEY, apiUrl: url }, meter: true, ...asked });
  // The token to revoke is made before the fault is in place.
  const asked =
    operation === "create" ? create : { operation, argument: (await make(create)).token.id };
  await control.fault({ operation, times: 100, ...fault });
  const fail = async (timeout: number) => {
    const before = await control.requests();
    const { error, pending } = await make({ ...asked, options: { timeout, maxRetries: 2 } });
    assert.deepEqual(pending, NOTHING_PENDING);
    return { error, arrived: (await control.requests()).slice(before.length) };
  };
  const isSlow = fault.delay || fault.bodyDelay;
  let seen = await fail(isSlow ? 300 : 20_000);
  // On a busy machine the timeout may come before the request is there.
  if (isSlow && seen.arrived.length === 0) seen = await fail(10_000);
  const { error, arrived } = seen;
  assert.equal(error.isSignInTokensError, true);
  assert.equal(arrived.length, error.attempts, `${operation}: ${JSON.stringify(fault)}`);
  if (fault.fill)
    assert.ok(
      Number(arrived[0].sent) < fault.fill / 2,
      `${arrived[0].sent} bytes of the body were sent`,
    );
  await control.clearFaults();
  const { token, pending } = await make(asked);
  assert.equal(token?.status, operation === "create" ? "pending" : "revoked");
  assert.deepEqual(pending, NOTHING_PENDING);
  const { code, status = "–", outcome, attempts } = error;
  return [`\`${code}\``, status, outcome, attempts, arrived.length];
}
