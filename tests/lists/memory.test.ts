// What never ends is not kept in memory, however the list is written.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { ListReader } from "../../lists/index.ts";

const MB = 2 ** 20;

setFlagsFromString("--expose-gc");
const gc: () => void = runInNewContext("gc");

/** Returns the bytes that are in use. */
function used() {
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

for (const [what, start, piece] of [
  ["one line", "user_1\n", "x"],
  ["a quote that never closes", 'user_1\n"', "x\n"],
  ["an element of an array that never ends", '[{"id":"user_1"},{"a":"', "x"],
  ["a name of JSON that never ends", '{"', "x"],
  ["JSON that never closes", '[{"id":"user_1"},', "["],
]) {
  test(`32 MB of ${what} are not kept in memory`, () => {
    const reader = new ListReader();
    const chunk = new TextEncoder().encode(piece.repeat(MB / piece.length));
    const entries = reader.push(new TextEncoder().encode(start));
    const before = used();
    for (let n = 0; n < 32; n++) entries.push(...reader.push(chunk));
    const grown = (used() - before) / MB;
    entries.push(...reader.end());
    const expected = start.includes("user_1") ? ["user_1", undefined] : [undefined];
    assert.deepEqual(
      entries.map(({ userId }) => userId),
      expected,
    );
    assert.match(String(entries.at(-1)?.reason), /not closed within 65536|longer than 65536/);
    assert.ok(grown < 10, `${grown} MB`);
  });
}

test("the objects of a long line are not kept in memory", () => {
  const reader = new ListReader();
  const encoder = new TextEncoder();
  let count = reader.push(encoder.encode("[")).length;
  const before = used();
  for (let n = 0; n < 100_000; n++)
    count += reader.push(encoder.encode(`${n ? "," : ""}{"id":"user_${n}","x":"y"}`)).length;
  const grown = (used() - before) / MB;
  count += reader.push(encoder.encode("]")).length + reader.end().length;
  assert.equal(count, 100_000);
  assert.ok(grown < 10, `${grown} MB`);
});
