// Tests createMany with a service binding to a Worker: its methods are called by RPC, and each of
// its properties is a stub.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { buildSync } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

import { app } from "../support/app.ts";

const TOKENS = `
  import { WorkerEntrypoint } from "cloudflare:workers";
  let calls = 0;
  export class Tokens extends WorkerEntrypoint {
    async create({ userId }, { maxRetries }) {
      if (++calls === 1)
        throw Object.assign(new Error("refused"), {
          code: "rate_limited", outcome: "none", attempts: 1, retryAfter: 0,
        });
      return { id: userId, maxRetries };
    }
  }
  export default {};
`;

const CALLER = `
  import { createMany } from "clerk-sign-in-tokens/bulk";
  export default {
    async fetch(request, { TOKENS }) {
      const told = [];
      const onPause = ({ reason }) => told.push(reason);
      const options = { onPause, onResume: () => told.push("on") };
      const results = await Array.fromAsync(createMany(TOKENS, [{ userId: "user_1" }], options));
      const tokens = results.map(({ token, error }) => token ?? String(error));
      return Response.json({ told, tokens });
    },
  };
`;

let miniflare: Miniflare;

before(() => {
  const worker = (contents: string) =>
    buildSync({
      stdin: { contents, resolveDir: join(app, "agent") },
      bundle: true,
      format: "esm",
      external: ["cloudflare:workers"],
      write: false,
    }).outputFiles[0].text;
  const shared = { modules: true, compatibilityDate: "2026-11-17" };
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          ...shared,
          name: "caller",
          script: worker(CALLER),
          serviceBindings: { TOKENS: { name: "tokens", entrypoint: "Tokens" } },
        },
        { ...shared, name: "tokens", script: worker(TOKENS) },
      ],
    }),
  );
});
after(() => miniflare.dispose());

test("a service binding is a client: its errors are read as they come by RPC", async () => {
  const response = await fetch(await miniflare.ready);
  assert.deepEqual(await response.json(), {
    told: ["rate_limit", "on"],
    tokens: [{ id: "user_1", maxRetries: 0 }],
  });
});
