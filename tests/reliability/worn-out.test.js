// Tests that calls which fail inside the package, however often, leave the module as good as new. A client or a call fails with
// a SignInTokensError (a RangeError where the stack ends), and a call by rejecting.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { SOME_RUNTIMES, startPrograms } from "../support/programs.ts";

const VALUES = {
  getter: "a getter that throws",
  proxy: "a Proxy whose traps throw",
  revoked: "a revoked Proxy",
  notIterable: "Headers without an iterator",
  failingIterator: "Headers whose iterator throws",
  oddIterator: "Headers whose iterator returns no results",
};
const GLOBALS = [
  "Headers",
  "URL",
  "performance",
  "setTimeout",
  "clearTimeout",
  "AbortController",
  "Promise.resolve",
  "Object.entries",
  "JSON.parse",
  "JSON.stringify",
  "Map.get",
  "TextDecoder.decode",
];

const CASES = [
  ...Object.entries(VALUES).map(([value, what]) => [what, { kind: "values", value }]),
  ...GLOBALS.flatMap((global) =>
    ["throws", "nonsense"].map((replacement) => [
      `a global ${global}: ${replacement}`,
      { kind: "globals", global, replacement },
    ]),
  ),
  ["the end of the stack", { kind: "stack" }],
];

for (const name of SOME_RUNTIMES) {
  describe(name, () => {
    let programs;
    before(async () => (programs = await startPrograms(name)));
    after(() => programs?.stop());
    for (const [what, argument] of CASES)
      test(what, async () => {
        const seen = await programs.run("wornOut", argument);
        // The next case needs a module that works.
        if (seen.afterwards !== "a token") {
          await programs.stop();
          programs = await startPrograms(name);
        }
        assert.deepEqual(seen, { wrong: [], afterwards: "a token" });
      });
  });
}
