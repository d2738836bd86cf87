// Tests a call in the global scope of a Worker, where the runtime allows no request.
import assert from "node:assert/strict";
import { test } from "node:test";

import { startWorker } from "../../scripts/worker.ts";
import { copyIntoApp } from "../support/app.ts";

test("a call in the global scope fails with the reason, and the Worker works", async () => {
  const worker = await startWorker(copyIntoApp("tests/fixtures/global-scope", "global-scope"));
  try {
    const { cause, ...error } = await (await fetch(worker.url)).json();
    assert.deepEqual(error, {
      name: "SignInTokensError",
      code: "network",
      message: "create: the runtime allows no request here, such as in a Worker's global scope",
      outcome: "none",
      attempts: 0,
    });
    assert.match(cause, /global scope/);
  } finally {
    await worker.stop();
  }
});
