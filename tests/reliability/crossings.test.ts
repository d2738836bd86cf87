// Tests how often the wasm calls JavaScript during one call that has a signal of its own.
import assert from "node:assert/strict";
import { test } from "node:test";

import type { SignInTokens as Client } from "clerk-sign-in-tokens";

import { installed } from "../support/app.ts";
import { TOKEN } from "../support/token.ts";

let crossings = 0;
const counted = (value: unknown) =>
  typeof value !== "function"
    ? value
    : (...args: unknown[]) => {
        crossings++;
        return value(...args);
      };
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(module: WebAssembly.Module, imports: WebAssembly.Imports = {}) {
    const all = Object.entries(imports).map(([name, functions]) => {
      const entries = Object.entries(functions).map(([name, value]) => [name, counted(value)]);
      return [name, Object.fromEntries(entries)];
    });
    super(module, Object.fromEntries(all));
  }
};

const { SignInTokens } = await installed();
const secretKey = "sk_test_crossings";
const answering = new SignInTokens({ secretKey, fetch: async () => Response.json(TOKEN) });
const hanging = new SignInTokens({ secretKey, fetch: () => new Promise(() => {}) });

test("a call crosses into JavaScript as often beside 2,000 others as alone", async () => {
  const controllers: AbortController[] = [];
  const withSignal = (tokens: Client) => {
    const controller = new AbortController();
    controllers.push(controller);
    return tokens.create({ userId: "user_1" }, { signal: controller.signal });
  };
  // What is only done once is done before.
  await withSignal(answering);
  const counts: number[] = [];
  const others: Promise<unknown>[] = [];
  for (const count of [0, 20, 2000]) {
    while (others.length < count) others.push(withSignal(hanging));
    await new Promise(setImmediate);
    crossings = 0;
    await withSignal(answering);
    counts.push(crossings);
  }
  for (const controller of controllers) controller.abort();
  await Promise.allSettled(others);
  assert.ok(counts[0] > 0);
  assert.deepEqual(counts, [counts[0], counts[0], counts[0]]);
});
