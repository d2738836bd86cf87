// Tests a call in the global scope of a Worker, where the runtime allows no request.
import assert from "node:assert/strict";
import { test } from "node:test";

import { inEachRuntime, RUNTIMES } from "../support/programs.ts";

const WORKERS = RUNTIMES.filter((name) => name.startsWith("workerd"));

inEachRuntime(WORKERS, (run) => {
  test("it fails with the runtime's reason, and the Worker works", async () => {
    const { cause, ...error } = await run("globalScope");
    assert.deepEqual(error, {
      name: "SignInTokensError",
      code: "network",
      message: "create: the runtime allows no request here, such as in a Worker's global scope",
      outcome: "none",
      attempts: 0,
    });
    assert.match(cause, /global scope/);
  });
});
