// An unreachable network, and a proxy in between.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";

import { closedPort } from "../support/closed-port.ts";
import { RUNTIMES, useCommand } from "../support/command.ts";
import { listen } from "../support/listen.ts";

const cli = useCommand();

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`a run whose API can never be reached gives up, and says why, in ${name}`, async () => {
    const env = { CLERK_API_URL: await closedPort() };
    const said =
      /error: no connection to 127\.0\.0\.1:\d+, so nothing was sent \(.+\)\. The run stops\.\n/;
    const { stderr } = await cli.bulk(100, [], { runtime, env }).ends(1, said);
    assert.equal(stderr.match(/The run stops/g)?.length, 1);
    const { not_sent, ...others } = cli.states();
    assert.ok(not_sent > 0 && not_sent < 60, String(not_sent));
    assert.deepEqual(others, {}, "nobody is unknown or failed");
    await cli.bulk(100, [], { runtime }).ends(0);
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
      await cli.bulk(1, [], { runtime, env }).ends(1);
      assert.match(seen[0], /^CONNECT clerk\.invalid:443 HTTP/);
    } finally {
      proxy.close();
    }
  });
}

test("users without a connection are not sent, with the reason; the next run sends", async () => {
  const env = { CLERK_API_URL: await closedPort() };
  const why = /no connection to 127\S+, so nothing was sent \(connect ECONNREFUSED 127\S+:\d+\)/;
  const said = RegExp(`^error: ${why.source}.*\n.*0 unknown, 3 not sent\n`);
  await cli.bulk(3, [], { env }).ends(1, said);
  assert.match(String(cli.records().at(-1)?.error), RegExp(`^${why.source}$`));
  assert.deepEqual(cli.states(), { not_sent: 3 });
  await cli.bulk(3).ends(0);
});

test("a proxy's 403 is not Clerk's", async () => {
  await cli.control.fault({ operation: "create", status: 403, body: "<html>Blocked", times: 50 });
  const said = /error: not Clerk, but a proxy or a firewall before 127\.0\.0\.1:\d+ refused/;
  const { stderr } = await cli.bulk(50).ends(1, said);
  assert.doesNotMatch(stderr, /refused the secret key/);
});

test("a network that never worked ends a run", async () => {
  // The run ends at failures over more than 250 ms: with a delay, those of the second requests.
  await cli.control.fault({ operation: "create", drop: "answer", delay: 300, times: 100 });
  const said = /error: no answer from 127\.0\.0\.1:\d+ \(.+\)\. The run stops\.\n/;
  await cli.bulk(100).ends(1, said);
  assert.ok((await cli.control.requests()).length < 60);
});

test("a cause of several lines, as those of OpenSSL, is one line with its code", async () => {
  const env = { CLERK_API_URL: cli.emulator.url.replace("http:", "https:") };
  const said = /^error: no answer from 127\S+ \((EPROTO|ERR_SSL_\w+): \S.*:\d+:\)\. A token .*\n$/;
  await cli.run(["create", "user_1", "--json"], { env }).ends(1, said);
});

test("a network that goes away in the middle of a run does not end it", async () => {
  await cli.control.fault({ operation: "create", status: 404, body: { errors: [] } });
  await cli.control.fault({ operation: "create", drop: "answer", times: 10 });
  const { stderr } = await cli.bulk(30, ["--concurrency", "1"]).ends(1);
  assert.doesNotMatch(stderr, /The run stops/);
  assert.deepEqual(cli.states(), { failed: 1, unknown: 10, created: 19 });
});
