import assert from "node:assert/strict";
import { test } from "node:test";

import { useClient } from "../support/client.ts";
import { closedPort } from "../support/closed-port.ts";
import { run, testMemory } from "./processes.ts";

const calls = useClient();

for (const [name, node] of Object.entries({
  Node: "node",
  "the installed Node": process.env.SYSTEM_NODE ?? "node",
}))
  test(`${name}: a script exits when its calls have settled`, async () => {
    const output = await run(node, "exit.js", calls.emulator.url, await closedPort());
    assert.deepEqual(output.split("\n"), [
      "success: pending",
      "refusal: not_found",
      "failure: network",
      "timeout: timeout",
      "abort: AbortError",
    ]);
  });

testMemory(10_000);

test("a call crosses into JavaScript as often beside 2,000 others as alone", async () => {
  const output = await run("node", "crossings.ts", "0", "20", "2000");
  const [alone, beside20, beside2000] = JSON.parse(output);
  assert.ok(alone > 0);
  assert.deepEqual([beside20, beside2000], [alone, alone]);
});

test("calls with fakeFetch end while all timers are fake", async () => {
  const output = await run("node", "fake-timers.ts");
  assert.deepEqual(output.split("\n"), [
    "success: sit_fake1",
    "retry: sit_fake2",
    "lost: network",
    "timeout: timeout",
  ]);
});
