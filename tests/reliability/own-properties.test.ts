// Tests that only an object's own properties count: in options, in answers and in what `fetch`
// rejects with. A polluted `Object.prototype` changes no result, and options whose fields are
// accessors of a class are refused.
import assert from "node:assert/strict";
import { test } from "node:test";

import { inEachRuntime, SOME_RUNTIMES } from "../support/programs.ts";

inEachRuntime(SOME_RUNTIMES, (run) => {
  test("a polluted Object.prototype changes no result", async () =>
    assert.deepEqual(await run("ownProperties", {}), []));

  test("a frozen Error.prototype keeps no cause from an error", async () =>
    assert.equal(await run("ownProperties", { of: "a frozen prototype" }), "Error: failed"));

  test("accessors of a class are not read", async () =>
    assert.deepEqual(await run("ownProperties", { of: "a class" }), {
      read: [],
      code: "invalid_argument",
    }));
});
