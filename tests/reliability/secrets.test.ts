// Tests every failure path: no rendering of an error, its causes, the client or an event contains
// the key, a token or its URL.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { Fault } from "../../emulator/faults.ts";
import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { TOKEN } from "../support/token.ts";
import { SERVERS } from "../support/runtimes.ts";

const TICKET = "eyJhbGciOi.the-ticket.itself";
const URL = `https://clerk.example/v1/tickets/accept?ticket=${TICKET}`;
const TOKEN_WITH_TICKET = { ...TOKEN, token: TICKET, url: URL };
// A proxy's answer that echoes the key in every field that errors are read from.
const echo = (status: number) => ({
  status,
  headers: { "cf-ray": SECRET_KEY },
  body: {
    errors: [
      {
        code: SECRET_KEY,
        message: `Bearer ${SECRET_KEY}`,
        long_message: `x${SECRET_KEY}x`,
        meta: { [SECRET_KEY]: [SECRET_KEY] },
      },
    ],
    meta: { key: SECRET_KEY },
    clerk_trace_id: SECRET_KEY,
  },
});

interface Path {
  fault?: Partial<Fault>;
  secretKey?: string;
  apiUrl?: string;
  argument?: object;
  options?: object;
  abortAfter?: number;
}

const PATHS: Record<string, Path> = {
  "a bad argument": { argument: { userId: "" } },
  "an unknown field": { argument: { userId: "user_1", [SECRET_KEY]: SECRET_KEY } },
  "a secret as an option": { options: { timeout: SECRET_KEY } },
  "a key with a space": { secretKey: `${SECRET_KEY} ` },
  "a key in quotes": { secretKey: `"${SECRET_KEY}"` },
  "another key": { secretKey: `${SECRET_KEY}_old` },
  "connection refused": { apiUrl: "http://127.0.0.1:9" },
  "no answer": { fault: { drop: "answer" } },
  "a truncated token": { fault: { drop: "body", body: TOKEN_WITH_TICKET } },
  "an object that is not a token": { fault: { body: { ...TOKEN_WITH_TICKET, object: "user" } } },
  "a token in HTML": { fault: { body: `<p>${TICKET} ${SECRET_KEY}</p>` } },
  "a timeout": { fault: { bodyDelay: 600_000, body: TOKEN_WITH_TICKET }, options: { timeout: 50 } },
  "an abort": { fault: { delay: 600_000 }, abortAfter: 30 },
  "a redirect": {
    fault: {
      status: 302,
      headers: { location: `http://127.0.0.1:9/?key=${SECRET_KEY}` },
      body: TOKEN_WITH_TICKET,
    },
  },
  ...Object.fromEntries(
    [400, 401, 403, 404, 422, 429, 500, 503].map((status) => [
      `${status}, echoing`,
      { fault: echo(status) },
    ]),
  ),
  "500 with a token": { fault: { status: 500, body: TOKEN_WITH_TICKET } },
};

describe("no secret is shown", { concurrency: 4 }, () => {
  for (const [name, start] of Object.entries(SERVERS))
    test(name, async () => {
      await using emulator = await startEmulator({ rateLimit: 0 });
      await using runtime = await start();
      for (const [path, { fault, secretKey, apiUrl, ...request }] of Object.entries(PATHS)) {
        await emulator.control.reset();
        if (fault) await emulator.control.fault({ times: 100, ...fault });
        const client = { secretKey: secretKey ?? SECRET_KEY, apiUrl: apiUrl ?? emulator.url };
        const { renderings } = await runtime.call({
          client: { ...client, maxRetries: 0 },
          operation: "create",
          argument: { userId: "user_1" },
          inspect: true,
          ...request,
        });
        assert.ok(renderings?.length > 0, `${path} did not fail`);
        for (const text of renderings) assertClean(text, path);
      }
      assert.match(runtime.output(), /SignInTokensError/);
      assertClean(runtime.output(), "console.log");
    });
});

function assertClean(text: string, where: string) {
  for (const secret of [SECRET_KEY, TICKET]) assert.ok(!text.includes(secret), `${where}: ${text}`);
}
