// An unreachable network, and a proxy in between.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";

import { closedPort } from "../support/closed-port.ts";
import { recordsOf, RUNTIMES, statesOf, useCommand } from "../support/command.ts";
import { listen } from "../support/listen.ts";

const cli = useCommand();

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`a run whose API can never be reached gives up, and says why, in ${name}`, async () => {
    const env = { CLERK_API_URL: await closedPort() };
    const { code, stderr } = await cli.bulk(100, [], { runtime, env });
    assert.equal(code, 1);
    const said =
      /error: no connection to 127\.0\.0\.1:\d+, so nothing was sent \(.+\)\. The run stops\.\n/;
    assert.match(stderr, said);
    assert.equal(stderr.match(/The run stops/g)?.length, 1);
    const { not_sent, ...others } = statesOf(cli.results);
    assert.ok(not_sent > 0 && not_sent < 60, String(not_sent));
    assert.deepEqual(others, {}, "nobody is unknown or failed");
    assert.equal((await cli.bulk(100, [], { runtime })).code, 0);
  });

  test(`a request goes to the proxy that the environment names, in ${name}`, async () => {
    const seen: string[] = [];
    const proxy = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", (data) => {
        seen.push(String(data).split("\r\n")[0]);
        socket.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
      });
    });
    const HTTPS_PROXY = `http://127.0.0.1:${await listen(proxy)}`;
    try {
      const CLERK_API_URL = "https://clerk.invalid";
      const env = { CLERK_API_URL, HTTPS_PROXY, NODE_USE_ENV_PROXY: "1" };
      assert.equal((await cli.bulk(1, [], { runtime, env })).code, 1);
      assert.match(seen[0], /^CONNECT clerk\.invalid:443 HTTP/);
    } finally {
      proxy.close();
    }
  });
}

test("users without a connection are not sent, with the reason; the next run sends", async () => {
  const { code, stderr } = await cli.bulk(3, [], { env: { CLERK_API_URL: await closedPort() } });
  assert.equal(code, 1);
  assert.match(stderr, /^error: no connection to 127.*ECONNREFUSED.*\n.*0 unknown, 3 not sent\n/);
  assert.match(String(recordsOf(cli.results).at(-1)?.error), /ECONNREFUSED/);
  assert.deepEqual(statesOf(cli.results), { not_sent: 3 });
  assert.equal((await cli.bulk(3)).code, 0);
});

test("a proxy's 403 is not Clerk's", async () => {
  await cli.control.fault({ operation: "create", status: 403, body: "<html>Blocked", times: 50 });
  const { code, stderr } = await cli.bulk(50);
  assert.equal(code, 1);
  const said = /error: not Clerk, but a proxy or a firewall before 127\.0\.0\.1:\d+ refused/;
  assert.match(stderr, said);
  assert.doesNotMatch(stderr, /refused the secret key/);
});

test("a network that never worked ends a run", async () => {
  await cli.control.fault({ operation: "create", drop: "answer", times: 100 });
  const { code, stderr } = await cli.bulk(100);
  assert.equal(code, 1);
  assert.match(stderr, /error: no answer from 127\.0\.0\.1:\d+ \(.+\)\. The run stops\.\n/);
  assert.ok((await cli.control.requests()).length < 60);
});

test("a network that goes away in the middle of a run does not end it", async () => {
  await cli.control.fault({ operation: "create", status: 404, body: { errors: [] } });
  await cli.control.fault({ operation: "create", drop: "answer", times: 10 });
  const { code, stderr } = await cli.bulk(30, ["--concurrency", "1"]);
  assert.equal(code, 1);
  assert.doesNotMatch(stderr, /The run stops/);
  assert.deepEqual(statesOf(cli.results), { failed: 1, unknown: 10, created: 19 });
});
