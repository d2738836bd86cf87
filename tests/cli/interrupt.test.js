// Interrupts: the first one waits for the requests in flight, the second one does not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { FAST, useCommand, usersList } from "../support/command.ts";
import { holdAfter } from "../support/hold-after.ts";

const cli = useCommand();

test("an interrupt waits for the requests in flight, and the same command continues", async () => {
  const list = cli.file("users.csv", usersList(100));
  const args = ["bulk", list, "-o", "results.ndjson"];
  await holdAfter(10, cli.control);
  const program = cli.start([...args, ...FAST]);
  while ((await cli.control.requests()).length < 11) await sleep(20);
  program.child.kill("SIGINT");
  while (!program.stderr.includes("Stopping")) await sleep(20);
  await cli.control.release();
  const { code, stderr } = await program.ended;
  assert.equal(code, 130);
  assert.match(
    stderr,
    /Stopping once the requests in flight are answered\. Press Ctrl-C again to stop at once\./,
  );
  assert.match(
    stderr,
    /0 failed, 0 unknown[^]*Not finished\. Run the same command again to continue\./,
  );
  assert.equal((await cli.run([...args, ...FAST])).code, 0);
  assert.equal((await cli.control.tokens()).length, 100);
});

test("one Ctrl-C that comes twice, as through npx, still waits", async () => {
  await cli.control.fault({ operation: "create", delay: 600_000 });
  const args = ["bulk", cli.file("users.csv", usersList(1)), "-o", "results.ndjson"];
  const program = cli.start(args);
  await cli.control.arrived(1);
  program.child.kill("SIGINT");
  await sleep(1);
  program.child.kill("SIGINT");
  while (!program.stderr.includes("Stopping")) await sleep(20);
  await cli.control.release();
  const { code, stderr } = await program.ended;
  assert.equal(code, 130);
  assert.match(stderr, /1 created \(1 now\), 0 failed, 0 unknown/);
});

test("a second interrupt does not wait, and leaves the users in flight unknown", async () => {
  await cli.control.fault({ operation: "create", delay: 60_000 });
  const args = ["bulk", cli.file("users.csv", usersList(1)), "-o", "results.ndjson"];
  const program = cli.start(args);
  await cli.control.arrived(1);
  program.child.kill("SIGINT");
  while (!program.stderr.includes("Stopping")) await sleep(20);
  // A sooner one may be the same key press.
  await sleep(600);
  program.child.kill("SIGINT");
  assert.equal((await program.ended).code, 130);
  const { code, stderr } = await cli.run(args);
  assert.equal(code, 1);
  assert.match(stderr, /1 unknown[^]*unknown user_0: the run ended before the answer came/);
});
