// Tests that an error's stack shows where the call was made, not only the package's own frames.
import assert from "node:assert/strict";
import { test } from "node:test";

import { inEachRuntime, SOME_RUNTIMES } from "../support/programs.ts";

inEachRuntime(SOME_RUNTIMES, (run) => {
  for (const how of ["answer", "argument"])
    test(`where the ${how} is wrong`, async () => {
      const { stack } = await run("stacks", { how });
      assert.match(stack, /callerOfCreate/);
    });
});
