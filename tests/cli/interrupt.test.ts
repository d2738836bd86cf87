// Interrupts of a run: the first one waits for the requests in flight, the second one does not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { useCommand } from "../support/command.ts";
import { holdAfter } from "../support/hold-after.ts";

const cli = useCommand();

/** Starts a run of `users`, whose answers wait after `answered`. */
async function start(users: number, answered: number) {
  await holdAfter(answered, cli.control);
  const program = cli.bulk(users);
  await cli.control.arrived(answered + 1);
  return program;
}

test("an interrupt waits for the requests in flight, and the same command continues", async () => {
  const program = await start(100, 10);
  await program.interrupt();
  await cli.control.release();
  const waits = /Stopping once the requests in flight are answered\. Press Ctrl-C again to stop at/;
  const end = /0 failed, 0 unknown[^]*Not finished\. Run the same command again to continue\./;
  await program.ends(130, waits, end);
  await cli.bulk(100).ends(0);
  assert.equal((await cli.control.tokens()).length, 100);
});

test("one Ctrl-C that comes twice, as through npx, still waits", async () => {
  const program = await start(1, 0);
  program.child.kill("SIGINT");
  await sleep(1);
  await program.interrupt();
  await cli.control.release();
  await program.ends(130, /1 created \(1 now\), 0 failed, 0 unknown/);
});

test("a second one does not wait, and says that the users in flight are unknown", async () => {
  const program = await start(1, 0);
  await program.interrupt();
  await program.interruptAgain();
  const said =
    /1 request not awaited: .* "sending" in results\.ndjson, and unknown to the next run/;
  await program.ends(130, said);
  await cli.bulk(1).ends(1, /1 unknown[^]*unknown user_0: the run ended before the answer came/);
});

test("a crash leaves the users in flight as sending: they may have a token", async () => {
  const env = cli.failing(`const { replace } = String.prototype;
    String.prototype.replace = function (pattern, text) {
      if (pattern?.source === "\\\\.$") throw new TypeError("broken");
      return replace.call(this, pattern, text);
    };`);
  await cli.control.fault({ operation: "create", delay: 600_000, times: 4 });
  await cli.control.fault({ operation: "create", status: 422, body: { errors: [] } });
  const program = cli.bulk(5, [], { env });
  assert.notEqual(await program.ended, 0);
  assert.match(program.stderr, /TypeError: broken/);
  assert.deepEqual(cli.states(), { sending: 5 });
  await cli.control.release();
  await cli.bulk(5).ends(1, /0 created \(0 now\), 0 failed, 5 unknown/);
});
