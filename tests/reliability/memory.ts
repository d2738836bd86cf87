// Tests that calls leave no memory behind, in Node.
import assert from "node:assert/strict";
import { test } from "node:test";

import { startPrograms } from "../support/programs.ts";

/** Tests so many calls that succeed, fail, abort or time out. */
export function testMemory(count: number) {
  test(`the memory is the same after ${count} calls, and clients are collected`, async () => {
    await using programs = await startPrograms("Node");
    const { before, after, instances, clientsLeft } = await programs.run("memory", { count });
    assert.equal(instances, 1);
    assert.equal(after.wasm, before.wasm);
    // The heap varies by 1 MB between runs. If each of 100,000 calls left even the smallest object
    // behind, it would grow by several MB.
    assert.ok(
      after.heap - before.heap < 2_000_000,
      `the heap grew from ${before.heap} to ${after.heap} bytes`,
    );
    assert.ok(clientsLeft <= 1, `${clientsLeft} of 1000 unreferenced clients were kept`);
  });
}
