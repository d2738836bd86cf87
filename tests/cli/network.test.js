// A network that is away, a proxy in between, and a process that was stopped.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";

import {
  deserted,
  FAST,
  recordsOf,
  RUNTIMES,
  statesOf,
  useCommand,
  usersList,
} from "../support/command.ts";

const cli = useCommand();

const bulk = (count, options, more = []) =>
  cli.run(
    ["bulk", cli.file("users.csv", usersList(count)), "-o", "results.ndjson", ...FAST, ...more],
    options,
  );

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`a run whose API can never be reached gives up, and says why, in ${name}`, async () => {
    const env = { CLERK_API_URL: await deserted() };
    const { code, stderr } = await bulk(2000, { runtime, env });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /error: no connection to 127\.0\.0\.1:\d+, so nothing was sent \(.+\)\. The run stops\.\n/,
    );
    assert.equal(stderr.match(/The run stops/g).length, 1);
    const { not_sent, ...others } = statesOf(cli.file("results.ndjson"));
    assert.ok(not_sent > 0 && not_sent < 60, String(not_sent));
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

test("a few users without a connection are not sent, with the reason", async () => {
  const { code, stderr } = await bulk(3, { env: { CLERK_API_URL: await deserted() } });
  assert.equal(code, 1);
  assert.match(stderr, /^error: no connection to 127.*ECONNREFUSED.*\n.*0 unknown, 3 not sent\n/);
  assert.match(recordsOf(cli.file("results.ndjson")).at(-1).error, /ECONNREFUSED/);
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

const lost = { operation: "create", drop: "answer", times: 10 };

test("a network that never worked ends a run", async () => {
  await cli.control.fault({ ...lost, times: 1000 });
  const list = cli.file("users.csv", usersList(1000));
  const { code, stderr } = await cli.run(["bulk", list, "-o", "results.ndjson"]);
  assert.equal(code, 1);
  assert.match(stderr, /error: no answer from 127\.0\.0\.1:\d+ \(.+\)\. The run stops\.\n/);
  assert.ok((await cli.control.requests()).length < 60);
});

test("a network that goes away in the middle of a run does not end it", async () => {
  await cli.control.fault({ operation: "create", status: 404, body: { errors: [] } });
  await cli.control.fault(lost);
  const { code, stderr } = await bulk(30, {}, ["--concurrency", "1"]);
  assert.equal(code, 1);
  assert.doesNotMatch(stderr, /The run stops/);
  assert.deepEqual(statesOf(cli.file("results.ndjson")), { failed: 1, unknown: 10, created: 19 });
});
