// Tests what a framework needs to know of a call: its own control-flow errors, which carry a `digest`, come through, and its
// cache leaves the request alone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { RUNTIMES, startPrograms } from "../support/programs.js";

const DIGEST = "DYNAMIC_SERVER_USAGE";

/** Where an error of the framework comes from. */
const SOURCES = {
  "a fetch that throws": { failure: "throws" },
  "a fetch that rejects": { failure: "rejects" },
  "a secretKey that rejects": { failure: "secretKey" },
  "a fetch that rejects in a bulk run": { failure: "rejects", isBulk: true },
};

for (const name of RUNTIMES) {
  describe(name, () => {
    let programs;
    before(async () => (programs = await startPrograms(name)));
    after(() => programs?.stop());

    for (const [source, argument] of Object.entries(SOURCES)) {
      test(`the digest of ${source} comes through`, async () =>
        assert.deepEqual(await programs.run("frameworks", { ...argument, digest: DIGEST }), {
          digest: DIGEST,
        }));

      test(`a digest of ${source} that is not a string does not`, async () =>
        assert.deepEqual(await programs.run("frameworks", { ...argument, digest: { a: 1 } }), {}));
    }

    test("a failure with a digest is not retried", async () =>
      assert.deepEqual(await programs.run("frameworks", { failure: "revoke", digest: DIGEST }), {
        digest: DIGEST,
        requests: 1,
      }));

    // workerd throws for a cache mode where the compatibility date is before 2024-11-11.
    test("each request has an init of its own, which turns the cache off if there is one", async () => {
      const { hasCacheModes, isOneInit, caches } = await programs.run("frameworks", {});
      const cache = hasCacheModes ? "no-store" : "none";
      assert.deepEqual({ isOneInit, caches }, { isOneInit: false, caches: [cache, cache] });
    });
  });
}
