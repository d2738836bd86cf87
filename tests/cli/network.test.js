// A network that is away, a proxy in between, and a process that was stopped.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";

import { Watch } from "../../cli/facts.ts";
import { deserted, FAST, RUNTIMES, statesOf, useCommand, usersList } from "../support/command.ts";

const cli = useCommand();

const bulk = (count, options) =>
  cli.run(
    ["bulk", cli.file("users.csv", usersList(count)), "-o", "results.ndjson", ...FAST],
    options,
  );

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`a run whose API can never be reached gives up, and says why, in ${name}`, async () => {
    const env = { CLERK_API_URL: await deserted() };
    const { code, stderr } = await bulk(2000, { runtime, env });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /error: 127\.0\.0\.1:\d+ cannot be reached: no answer \(.+\)\. The run stops\.\n/,
    );
    assert.equal(stderr.match(/cannot be reached/g).length, 1);
    const { not_sent, ...others } = statesOf(cli.file("results.ndjson"));
    assert.ok(not_sent >= 10 && not_sent < 60, String(not_sent));
    assert.deepEqual(others, {}, "nobody is unknown or failed");
    assert.equal((await bulk(2000, { runtime })).code, 0);
  });

  test(`a request goes to the proxy that the environment names, in ${name}`, async () => {
    const seen = [];
    const proxy = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", (data) => {
        seen.push(String(data).split("\r\n")[0]);
        socket.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
      });
    }).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const url = `http://127.0.0.1:${proxy.address().port}`;
    try {
      const env = {
        CLERK_API_URL: "https://clerk.invalid",
        HTTPS_PROXY: url,
        NODE_USE_ENV_PROXY: "1",
      };
      assert.equal((await bulk(1, { runtime, env })).code, 1);
      assert.match(seen[0], /^CONNECT clerk\.invalid:443 HTTP/);
    } finally {
      proxy.close();
    }
  });
}

test("a few users without a connection are named with the reason", async () => {
  const { code, stderr } = await bulk(3, { env: { CLERK_API_URL: await deserted() } });
  assert.equal(code, 1);
  assert.match(stderr, /3 not sent\n {2}not sent user_\d: no connection to 127.*ECONNREFUSED/);
});

test("a proxy's 403 is not Clerk's", async () => {
  await cli.control.fault({ operation: "create", status: 403, body: "<html>Blocked", times: 50 });
  const { code, stderr } = await bulk(50);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /error: not Clerk, but a proxy or a firewall before 127\.0\.0\.1:\d+ refused/,
  );
  assert.doesNotMatch(stderr, /refused the secret key/);
});

/** Returns what the watch says after `count` requests that end in `answer`. */
async function noteAfter(count, answer, watch = new Watch(() => {})) {
  const real = globalThis.fetch;
  globalThis.fetch = async () => answer();
  try {
    for (let n = 0; n < count; n++)
      await watch.fetch("", { signal: new AbortController().signal }).catch(() => {});
  } finally {
    globalThis.fetch = real;
  }
  return watch.note;
}

const lost = () => {
  throw Object.assign(new TypeError("fetch failed"), {
    cause: Object.assign(new Error("getaddrinfo ENOTFOUND x"), { code: "ENOTFOUND" }),
  });
};
const answer = (status, headers) => () => new Response("", { status, headers });

test("a pause is named with its reason and its end, until an answer comes", async () => {
  assert.equal(await noteAfter(9, lost), undefined);
  const watch = new Watch(() => {});
  assert.match(
    await noteAfter(20, lost, watch),
    /^no answer \(ENOTFOUND\), next try at \d\d:\d\d:\d\d$/,
  );
  assert.equal(await noteAfter(1, answer(200), watch), undefined);
  assert.match(
    await noteAfter(1, answer(429, { "retry-after": "7" })),
    /^rate limit, next try at \d\d:\d\d:\d\d$/,
  );
  assert.match(await noteAfter(10, answer(503)), /^HTTP 503, next try at/);
});

test("only a network that never worked ends a run", async () => {
  const reasons = [];
  const watch = new Watch((reason) => reasons.push(reason));
  await noteAfter(1, answer(404), watch);
  await noteAfter(30, lost, watch);
  assert.deepEqual(reasons, []);
  await noteAfter(10, lost, new Watch((reason) => reasons.push(reason)));
  assert.deepEqual(reasons, ["no answer (ENOTFOUND)"]);
});
