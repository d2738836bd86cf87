// Tests every example against the emulator, in its runtime or the nearest available one (see
// examples/README.md).
import assert from "node:assert/strict";
import { globSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";

import { buildSync } from "esbuild";

import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { startProcess } from "../../scripts/process.ts";
import { startWorker } from "../../scripts/worker.ts";
import { copyIntoApp } from "../support/app.ts";
import { startEdge } from "../support/edge.ts";
import { checkLinks } from "./check-links.ts";
import type { Emulator } from "../support/client.ts";

const ADMIN_TOKEN = "the-token-of-an-admin";
const dir = copyIntoApp("examples", "examples-examples");
// Deno must use the installed package: npm may have another version, or none.
for (const file of globSync(join(dir, "**/deno.json"))) rmSync(file);

let emulator: Emulator, control: Emulator["control"], secrets: Record<string, string>;

before(async () => {
  emulator = await startEmulator({ rateLimit: 0 });
  ({ control } = emulator);
  secrets = { CLERK_SECRET_KEY: SECRET_KEY, CLERK_API_URL: emulator.url, ADMIN_TOKEN };
});
beforeEach(() => control.reset());
after(() => emulator.close());

const run = (command: string, args: string[], folder: string) =>
  startProcess(command, args, {
    cwd: join(dir, folder),
    // The address is that of `Deno.serve()` without a port.
    env: { ...process.env, ...secrets, PORT: "0", DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0" },
    ready: /istening on (http:\/\/\S+)/,
  });

/** A program that passes the requests of a Node server to a Next.js route handler. */
const NEXT_SERVER = `
  import { createServer } from "node:http";
  import { POST } from "./app/sign-in-link/route";

  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request));
    const { method, headers } = request;
    const answer = await POST(new Request("http://localhost", { method, headers, body }));
    response.writeHead(answer.status).end(await answer.text());
  });
  server.listen(0, "127.0.0.1", () => console.log("Listening on http://127.0.0.1:" + server.address().port));
`;

const runInDeno = (program: string, folder: string) =>
  run("deno", ["run", "--allow-net", "--allow-env", "--allow-read", program], folder);

/** Starts the examples that answer `POST {"userId"}` with a link. */
const LINKS = {
  "cloudflare-worker": () => startWorker(join(dir, "cloudflare-worker"), { vars: secrets }),
  deno: () => runInDeno("main.ts", "deno"),
  bun: () => run("bun", ["main.ts"], "bun"),
  // Bundled, as Next.js does. Tests only the handler; tests/frameworks tests Next.js itself.
  nextjs: () => {
    buildSync({
      stdin: { contents: NEXT_SERVER, resolveDir: join(dir, "nextjs") },
      bundle: true,
      format: "esm",
      outfile: join(dir, "nextjs", "serve.js"),
      packages: "external",
      platform: "node",
    });
    return run("node", ["serve.js"], "nextjs");
  },
  supabase: () => runInDeno("index.ts", "supabase/supabase/functions/sign-in-link"),
  "vercel-edge": () =>
    startEdge(join(dir, "vercel-edge"), "./api/sign-in-link.ts", "default", {
      process: { env: secrets },
    }),
  "netlify-edge": () => {
    writeFileSync(
      join(dir, "netlify-edge", "serve.js"),
      `
      globalThis.Netlify = { env: { get: (name) => Deno.env.get(name) } };
      const { default: handler } = await import("./netlify/edge-functions/sign-in-link.ts");
      Deno.serve(handler);
    `,
    );
    return runInDeno("serve.js", "netlify-edge");
  },
};

for (const [name, start] of Object.entries(LINKS)) {
  test(name, async () => {
    const server = await start();
    try {
      await checkLinks(server.url.replace("0.0.0.0", "127.0.0.1"), control, ADMIN_TOKEN);
    } finally {
      await server.stop();
    }
  });
}

test("hono", async () => {
  const server = await startWorker(join(dir, "hono"), { vars: secrets });
  const ask = (method: string, path: string, body?: object, token = ADMIN_TOKEN) =>
    fetch(`${server.url}/sign-in-tokens${path}`, {
      method,
      body: body && JSON.stringify(body),
      headers: { authorization: `Bearer ${token}` },
    });
  try {
    assert.equal((await ask("POST", "", { userId: "user_1" }, "another")).status, 401);
    const { id } = await (await ask("POST", "", { userId: "user_1" })).json();
    assert.deepEqual(await (await ask("DELETE", `/${id}`)).json(), { status: "revoked" });
    assert.equal((await (await ask("POST", "", { userId: "nobody" })).json()).code, "not_found");
  } finally {
    await server.stop();
  }
});

test("node", async () => {
  const main = (...args: string[]) =>
    startProcess("node", ["main.ts", ...args], {
      cwd: join(dir, "node"),
      env: { ...process.env, ...secrets },
      ready: /^(http\S+)$/m,
    });
  const program = await main("user_1");
  const [token] = await control.tokens();
  assert.equal(program.url, token.url);
  process.kill(program.pid, "SIGINT");
  await program.ended;
  assert.match(program.output, /^revoked$/m);
  assert.equal((await control.tokens())[0].status, "revoked");
  await assert.rejects(main("nobody"), /ended with 1:\ncreate: not found \(not_found\) No user/);
});
