// Tests what each runtime's own error proves about a connection, with closed ports, unknown names
// and certificates that are refused. The table is in docs/reliability.md; UPDATE_DOCS=1 rewrites
// it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTcpServer, type Server } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";

import { root } from "../../scripts/tools.js";
import { installed } from "../support/app.ts";
import { closedPort } from "../support/closed-port.ts";
import { checkTable } from "../support/document.ts";
import { listen as listenOn } from "../support/listen.ts";
import { SERVERS, startAgent, type Runtime } from "../support/runtimes.ts";
import { TOKEN } from "../support/token.ts";

const { SignInTokens } = await installed();
const SECRET_KEY = "sk_test_no_connection";

/**
 * Certificates made with OpenSSL. All are for localhost, `key` and signed by `trusted-root`, but
 * for what their names say; none but `expired` ends before 2120. The root of `unknown-issuer` is
 * `untrusted-root`, and `missing-root` has an intermediate one below it.
 */
const pem = (name: string) => join(root, "tests/fixtures/certificates", `${name}.pem`);

/** Stops the servers in the end. */
const stack = new DisposableStack();
after(() => stack.dispose());

/** The bytes that came through TLS. */
let received = 0;

const listen = async (server: Server, scheme = "http", host = "127.0.0.1") => {
  stack.defer(() => server.close());
  server.on("connection", (socket) => {
    stack.defer(() => socket.destroy());
    socket.on("error", () => {});
  });
  return `${scheme}://${host}:${await listenOn(server)}`;
};

/** Starts a server with this chain of certificates. It answers nothing. */
function withCertificate(...names: string[]) {
  const cert = names.map((name) => readFileSync(pem(name), "utf8")).join("");
  const options = { key: readFileSync(pem("key")), cert };
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
const PROBES: Record<string, () => string | Promise<string>> = {
  "connection refused": closedPort,
  "unknown name": () => "https://api.invalid",
  "unreachable network": () => "https://255.255.255.255",
  "a self-signed certificate": () => withCertificate("self-signed"),
  "a certificate of an unknown issuer": () => withCertificate("unknown-issuer"),
  "… with its root": () => withCertificate("unknown-issuer", "untrusted-root"),
  "… with an intermediate one": () => withCertificate("missing-root"),
  "an expired certificate": () => withCertificate("expired"),
  "a certificate for another name": () => withCertificate("other-name"),
  "a connection that breaks": reset,
  "… during TLS": async () => (await reset()).replace("http://127.0.0.1", "https://localhost"),
};

const TRUST = { NODE_EXTRA_CA_CERTS: pem("trusted-root"), DENO_CERT: pem("trusted-root") };
const proxied = (url: string) => ({ HTTPS_PROXY: url, NODE_USE_ENV_PROXY: "1" });

const START: Record<string, (options: { env: NodeJS.ProcessEnv }) => Promise<Runtime>> = {
  ...SERVERS,
  Deno: (options) => startAgent("deno", ["run", "--allow-net", "--allow-env", "node.js"], options),
};

const NO_RETRY = { maxRetries: 0, timeout: 60_000 };
const ARGUMENTS = { create: { userId: "user_1" }, revoke: "sit_1" };
type Operation = keyof typeof ARGUMENTS;
const OPERATIONS = Object.keys(ARGUMENTS) as Operation[];

/** Makes a call that fails. Returns its error. */
async function fail(
  runtime: Runtime,
  apiUrl: string,
  operation: Operation,
  options = { maxRetries: 1, timeout: 20_000 },
) {
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
async function observe(runtime: Runtime, url: string) {
  const create = await fail(runtime, url, "create");
  const revoke = await fail(runtime, url, "revoke");
  const attempts = create.outcome === "none" ? 2 : 1;
  assert.equal(create.attempts, attempts, `${url}: ${JSON.stringify(create)}`);
  assert.equal(revoke.attempts, 2);
  if (create.outcome === revoke.outcome) return create.outcome;
  return `create: ${create.outcome}, revoke: ${revoke.outcome}`;
}

async function column(name: string) {
  await using runtime = await START[name]({ env: TRUST });
  const cells: string[] = [];
  for (const probe of Object.values(PROBES)) cells.push(await observe(runtime, await probe()));
  if (name === "workerd") return [...cells, "–"];
  await using proxy = await START[name]({ env: proxied(await refusingProxy()) });
  return [...cells, await observe(proxy, "https://api.invalid")];
}

test("the errors that prove that no connection was made", async () => {
  const names = Object.keys(START);
  const columns = await Promise.all(names.map(column));
  assert.equal(received, 0, "nothing is sent to a server whose certificate is refused");
  const probes = [...Object.keys(PROBES), "a proxy's refusal"];
  const rows = probes.map((probe, n) => [probe, ...columns.map((cells) => cells[n])]);
  const head = ["", ...names];
  await checkTable("docs/reliability.md", "no-connection", [head, head.map(() => "---"), ...rows]);
});

for (const [name, start] of Object.entries(SERVERS))
  for (const operation of OPERATIONS)
    test(`${name}: a ${operation} may have taken effect that broke its connection`, async () => {
      await using runtime = await start();
      const api = await breaking();
      const client = { secretKey: SECRET_KEY, apiUrl: api.url };
      const first = { client, operation: "create", argument: ARGUMENTS.create };
      assert.equal((await runtime.call(first)).token?.id, TOKEN.id);
      const { outcome } = await fail(runtime, api.url, operation, NO_RETRY);
      // Whatever a repetition by the runtime itself finds.
      assert.deepEqual([outcome, api.arrived()], ["unknown", 2]);
    });

test("the error of a caller's own fetch proves nothing: it may have sent the request", async () => {
  const logServer = await closedPort();
  let arrived = 0;
  const api = await listen(
    createServer((request, response) => {
      arrived++;
      request.resume().on("end", () => response.end(JSON.stringify(TOKEN)));
    }),
  );
  const logged = async (url: string, init: object) => {
    const response = await fetch(url, init);
    await fetch(logServer);
    return response;
  };
  const client = new SignInTokens({ secretKey: SECRET_KEY, apiUrl: api, fetch: logged });
  const expected = { code: "network", outcome: "unknown", attempts: 1 };
  await assert.rejects(client.create({ userId: "user_1" }), expected);
  assert.equal(arrived, 1);
});

/** Has Node connect to these addresses for every name. */
const lookUp = (...addresses: string[]) => {
  const found = JSON.stringify(addresses.map((address) => ({ address, family: 4 })));
  const source = `import dns from "node:dns"; dns.lookup = (name, options, done) => done(null, ${found});`;
  return ["--import", `data:text/javascript,${encodeURIComponent(source)}`, "node.js"];
};

test("in Node, none of a name's addresses takes a connection", async () => {
  await using runtime = await startAgent("node", lookUp("127.0.0.1", "127.0.0.2"));
  const url = (await closedPort()).replace("http://127.0.0.1", "https://api.invalid");
  const { outcome, attempts } = await fail(runtime, url, "create");
  assert.deepEqual([outcome, attempts], ["none", 2]);
});

test("in Node, there is no TLS in time", async () => {
  await using runtime = await SERVERS.Node();
  const silent = await listen(createTcpServer(), "https", "localhost");
  assert.equal((await fail(runtime, silent, "create", NO_RETRY)).outcome, "none");
});
