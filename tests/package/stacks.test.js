// Tests that an error's stack shows where the call was made, not only the package's own frames.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { SOME_RUNTIMES, startPrograms } from "../support/programs.ts";

for (const name of SOME_RUNTIMES) {
  describe(name, () => {
    let programs;
    before(async () => (programs = await startPrograms(name)));
    after(() => programs?.stop());

    for (const how of ["answer", "argument"])
      test(`where the ${how} is wrong`, async () => {
        const { stack } = await programs.run("stacks", { how });
        assert.match(stack, /callerOfCreate/);
      });
  });
}
