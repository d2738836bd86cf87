// Tests that only an object's own properties count: in options, in answers and in what `fetch` rejects with. A polluted
// `Object.prototype` changes no result, and options whose fields are accessors of a class are refused.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { SOME_RUNTIMES, startPrograms } from "../support/programs.ts";

for (const name of SOME_RUNTIMES) {
  describe(name, () => {
    let programs;
    before(async () => (programs = await startPrograms(name)));
    after(() => programs?.stop());

    test("a polluted Object.prototype changes no result", async () =>
      assert.deepEqual(await programs.run("ownProperties", {}), []));

    test("a frozen Error.prototype keeps no cause from an error", async () =>
      assert.equal(
        await programs.run("ownProperties", { of: "a frozen prototype" }),
        "Error: failed",
      ));

    test("accessors of a class are not read", async () =>
      assert.deepEqual(await programs.run("ownProperties", { of: "a class" }), {
        read: [],
        code: "invalid_argument",
      }));
  });
}
