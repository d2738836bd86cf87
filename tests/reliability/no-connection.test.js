// Tests what each runtime's own error proves about a connection, with closed ports, unknown names
// and certificates that are refused. The table is in docs/reliability.md; UPDATE_DOCS=1 rewrites it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";

import { root } from "../../scripts/tools.js";
import { closedPort } from "../support/closed-port.ts";
import { checkTable } from "../support/document.ts";
import { SERVERS, startAgent } from "../support/runtimes.ts";
import { TOKEN } from "../support/token.ts";

const SECRET_KEY = "sk_test_no_connection";
const pem = (name) => join(root, "tests/fixtures/certificates", `${name}.pem`);

/** What is stopped in the end. */
const stops = [];
after(() => Promise.all(stops.map((stop) => stop())));

/** The bytes that came through TLS. */
let received = 0;

const listen = async (server, scheme = "http", host = "127.0.0.1") => {
  const sockets = new Set();
  server.on("connection", (socket) => {
    sockets.add(socket.on("error", () => {}));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `${scheme}://${host}:${server.address().port}`;
};

/** Starts a server with this certificate. It answers nothing. */
function withCertificate(name) {
  const options = { key: readFileSync(pem("key")), cert: readFileSync(pem(name)) };
  const server = createTlsServer(options, (socket) => {
    socket.on("error", () => {}).on("data", (data) => (received += data.length));
  });
  return listen(
    server.on("tlsClientError", () => {}),
    "https",
    "localhost",
  );
}

/** Starts a proxy that opens no tunnel. */
function refusingProxy() {
  const server = createServer((_, response) => response.writeHead(403).end());
  return listen(server.on("connect", (_, socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n")));
}

/** Starts an API that answers one request, and breaks the connection at each other one. */
async function breaking() {
  let arrived = 0;
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      if (++arrived === 1) return response.end(JSON.stringify(TOKEN));
      // Whatever sends the request again finds a closed port.
      server.close();
      return request.socket.resetAndDestroy();
    });
  });
  return { url: await listen(server), arrived: () => arrived };
}

/** Starts a server that breaks a connection once something came, so that it does exist. */
const reset = () =>
  listen(createTcpServer((socket) => socket.once("data", () => socket.resetAndDestroy())));

/** What is asked of each runtime, and where it runs. Each returns the address of the API. */
const PROBES = {
  "connection refused": closedPort,
  "unknown name": () => "https://api.invalid",
  "unreachable network": () => "https://255.255.255.255",
  "a self-signed certificate": () => withCertificate("self-signed"),
  "a certificate of an unknown issuer": () => withCertificate("unknown-issuer"),
  "… with its root": () => withCertificate("unknown-root"),
  "… with an intermediate one": () => withCertificate("missing-root"),
  "an expired certificate": () => withCertificate("expired"),
  "a certificate for another name": () => withCertificate("other-name"),
  "a connection that breaks": reset,
  "… during TLS": async () => (await reset()).replace("http://127.0.0.1", "https://localhost"),
};

const TRUST = { NODE_EXTRA_CA_CERTS: pem("trusted-root"), DENO_CERT: pem("trusted-root") };
const proxied = (url) => ({ HTTPS_PROXY: url, NODE_USE_ENV_PROXY: "1" });

const START = {
  workerd: () => SERVERS.workerd(),
  Deno: (env) => startAgent("deno", ["run", "--allow-net", "--allow-env", "deno.js"], env),
  Bun: (env) => startAgent("bun", ["bun.js"], env),
  Node: (env) => startAgent("node", ["node.js"], env),
};

const ARGUMENTS = { create: { userId: "user_1" }, revoke: "sit_1" };

/** Makes a call that fails. Returns its error, and how long each retry waited. */
async function fail(runtime, apiUrl, operation, options = { maxRetries: 1, timeout: 20_000 }) {
  const { error, events, pending } = await runtime.call({
    client: { secretKey: SECRET_KEY, apiUrl },
    operation,
    argument: ARGUMENTS[operation],
    meter: true,
    options,
  });
  assert.deepEqual(pending, { timers: 0, fetches: 0, listeners: 0 });
  assert.equal(error?.code, "network", JSON.stringify(error));
  assert.equal(events.length, error.attempts);
  return error;
}

/** Returns the cell of the table. */
async function observe(runtime, url) {
  const [create, revoke] = [await fail(runtime, url, "create"), await fail(runtime, url, "revoke")];
  const attempts = create.outcome === "none" ? 2 : 1;
  assert.equal(create.attempts, attempts, `${url}: ${JSON.stringify(create)}`);
  assert.equal(revoke.attempts, 2);
  if (create.outcome === revoke.outcome) return create.outcome;
  return `create: ${create.outcome}, revoke: ${revoke.outcome}`;
}

async function column(name) {
  const runtime = await START[name](TRUST);
  stops.push(() => runtime.stop());
  const cells = [];
  for (const probe of Object.values(PROBES)) cells.push(await observe(runtime, await probe()));
  if (name === "workerd") return [...cells, "–"];
  const proxy = await START[name](proxied(await refusingProxy()));
  stops.push(() => proxy.stop());
  return [...cells, await observe(proxy, "https://api.invalid")];
}

test("the errors that prove that no connection was made", async () => {
  const names = Object.keys(START);
  const columns = await Promise.all(names.map(column));
  assert.equal(received, 0, "nothing is sent to a server whose certificate is refused");
  const rows = [...Object.keys(PROBES), "a proxy's refusal"];
  const table = [
    `| | ${names.join(" | ")} |`,
    `|---|${names.map(() => "---|").join("")}`,
    ...rows.map((row, n) => `| ${row} | ${columns.map((cells) => cells[n]).join(" | ")} |`),
  ];
  await checkTable("docs/reliability.md", "no-connection", table.join("\n"));
});

for (const [name, start] of Object.entries(SERVERS))
  for (const operation of Object.keys(ARGUMENTS))
    test(`a ${operation} that broke a kept-alive connection may have taken effect in ${name}, whatever its repetition finds`, async () => {
      const runtime = await start();
      try {
        const api = await breaking();
        const client = { secretKey: SECRET_KEY, apiUrl: api.url };
        const first = { client, operation: "create", argument: ARGUMENTS.create };
        assert.equal((await runtime.call(first)).token?.id, TOKEN.id);
        const { outcome } = await fail(runtime, api.url, operation, { maxRetries: 0 });
        assert.deepEqual([outcome, api.arrived()], ["unknown", 2]);
      } finally {
        await runtime.stop();
      }
    });

/** Has Node connect to these addresses for every name. */
const lookUp = (...addresses) => {
  const found = JSON.stringify(addresses.map((address) => ({ address, family: 4 })));
  const source = `import dns from "node:dns"; dns.lookup = (name, options, done) => done(null, ${found});`;
  return ["--import", `data:text/javascript,${encodeURIComponent(source)}`, "node.js"];
};

test("in Node, none of a name's addresses takes a connection", async () => {
  const runtime = await startAgent("node", lookUp("127.0.0.1", "127.0.0.2"));
  try {
    const url = (await closedPort()).replace("http://127.0.0.1", "https://api.invalid");
    const { outcome, attempts } = await fail(runtime, url, "create");
    assert.deepEqual([outcome, attempts], ["none", 2]);
  } finally {
    await runtime.stop();
  }
});

test("in Node, there is no TLS in time", async () => {
  const runtime = await startAgent("node", ["node.js"]);
  try {
    const silent = await listen(createTcpServer(), "https", "localhost");
    const options = { maxRetries: 0, timeout: 60_000 };
    assert.equal((await fail(runtime, silent, "create", options)).outcome, "none");
  } finally {
    await runtime.stop();
  }
});
