// Tests that calls which fail inside the package, however often, leave the module as good as new.
// A client or a call fails with a SignInTokensError (a RangeError where the stack ends), and a call
// by rejecting.
import assert from "node:assert/strict";
import { test } from "node:test";

import { inEachRuntime } from "../support/programs.ts";

/** The names of the program's values, globals and replacements. */
const VALUES = [
  "a getter that throws",
  "a Proxy whose traps throw",
  "a revoked Proxy",
  "Headers without an iterator",
  "Headers whose iterator throws",
  "Headers whose iterator returns no results",
];
const GLOBALS = [
  ...["Headers", "URL", "performance", "setTimeout", "clearTimeout", "AbortController"],
  ...["Promise.resolve", "Object.entries", "JSON.parse", "JSON.stringify", "Map.get"],
  "TextDecoder.decode",
];

const CASES = [
  ...VALUES.map((value) => [value, { kind: "values", value }] as const),
  ...GLOBALS.flatMap((global) =>
    ["throws", "nonsense"].map(
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
