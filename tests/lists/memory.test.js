// What never ends is not kept in memory, however the list is written.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ListReader } from "../../lists/index.ts";

test("a list of 100,000 objects in one line is read, in little memory", () => {
  const reader = new ListReader();
  const encoder = new TextEncoder();
  let count = reader.push(encoder.encode("[")).length;
  for (let n = 0; n < 100_000; n++)
    count += reader.push(encoder.encode(`${n ? "," : ""}{"id":"user_${n}","x":"y"}`)).length;
  count += reader.push(encoder.encode("]")).length + reader.end().length;
  assert.equal(count, 100_000);
});

for (const [what, start, piece] of [
  ["a line of a gigabyte", "user_1\n", "x"],
  ["a quote that never closes", 'user_1\n"', "x\n"],
  ["an element of an array that never ends", '[{"id":"user_1"},{"a":"', "x"],
  ["a name of JSON that never ends", '{"', "x"],
  ["JSON that never closes", '[{"id":"user_1"},', "["],
]) {
  test(`${what} is not kept in memory`, () => {
    const reader = new ListReader();
    const chunk = new TextEncoder().encode(piece.repeat(2 ** 20 / piece.length));
    const entries = reader.push(new TextEncoder().encode(start));
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    for (let n = 0; n < 1024; n++) entries.push(...reader.push(chunk));
    entries.push(...reader.end());
    const users = start.includes("user_1") ? 1 : 0;
    assert.equal(entries.filter(({ userId }) => userId === "user_1").length, users);
    assert.match(entries.at(-1).reason, /not closed within 65536|longer than 65536/);
    assert.equal(entries.length, users + 1);
    const grown = (process.memoryUsage().rss - before) / 2 ** 20;
    assert.ok(grown < 200, `${grown} MB`);
  });
}
