// Tests what a framework needs to know of a call: its own control-flow errors, which carry a
// `digest`, come through, and its cache leaves the request alone.
import assert from "node:assert/strict";
import { test } from "node:test";

import { inEachRuntime, RUNTIMES } from "../support/programs.ts";

const DIGEST = "DYNAMIC_SERVER_USAGE";

/** Where an error of the framework comes from. */
const SOURCES = {
  "a fetch that throws": { failure: "throws" },
  "a fetch that rejects": { failure: "rejects" },
  "a secretKey that rejects": { failure: "secretKey" },
  "a fetch that rejects in a bulk run": { failure: "rejects", isBulk: true },
};

inEachRuntime(RUNTIMES, (run, name) => {
  for (const [source, argument] of Object.entries(SOURCES)) {
    test(`the digest of ${source} comes through`, async () =>
      assert.deepEqual(await run("frameworks", { ...argument, digest: DIGEST }), {
        digest: DIGEST,
      }));

    test(`a digest of ${source} that is not a string does not`, async () =>
      assert.deepEqual(await run("frameworks", { ...argument, digest: { a: 1 } }), {}));
  }

  test("a failure with a digest is not retried", async () =>
    assert.deepEqual(await run("frameworks", { failure: "revoke", digest: DIGEST }), {
      digest: DIGEST,
      requests: 1,
    }));

  // workerd refuses a cache mode before the compatibility date 2024-11-11.
  test("each request has an init of its own, which keeps the answer out of caches", async () => {
    const { isOneInit, caches } = await run("frameworks", {});
    const cache = name.startsWith("workerd") ? { revalidate: 0 } : "no-store";
    assert.deepEqual({ isOneInit, caches }, { isOneInit: false, caches: [cache, cache] });
  });
});
