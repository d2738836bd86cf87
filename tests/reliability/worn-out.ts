// Tests that calls which fail inside the package, however often, leave the module as good as new.
// A client or a call fails with a SignInTokensError (a RangeError where the stack ends), and a call
// by rejecting.
import assert from "node:assert/strict";
import { test } from "node:test";

import { GLOBALS, REPLACEMENTS, VALUES } from "../fixtures/programs/broken.ts";
import { inEachRuntime } from "../support/programs.ts";

const CASES = [
  ...Object.keys(VALUES).map((value) => [value, { kind: "values", value }] as const),
  ...Object.keys(GLOBALS).flatMap((global) =>
    Object.keys(REPLACEMENTS).map(
      (replacement) =>
        [`a global ${global}: ${replacement}`, { kind: "globals", global, replacement }] as const,
    ),
  ),
  ["the end of the stack", { kind: "stack" }] as const,
];

/** Tests these runtimes: npm test one for each engine, test:soak the others. */
export function testWornOut(names: string[]) {
  inEachRuntime(names, (run) => {
    for (const [what, argument] of CASES)
      test(what, async () =>
        assert.deepEqual(await run("wornOut", argument), { wrong: [], afterwards: "a token" }),
      );
  });
}
