// A process that was stopped, by Ctrl-Z or a closed lid, for longer than a request may take: an
// answer that has arrived counts before the time-out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { FAST, RUNTIMES, statesOf, useCommand, usersList } from "../support/command.ts";

const cli = useCommand();

test("nobody is unknown whose answer had come, in every runtime", async () => {
  await cli.control.fault({ operation: "create", delay: 600_000, times: 60 });
  const list = cli.file("users.csv", usersList(20));
  const programs = Object.entries(RUNTIMES).map(([name, runtime]) =>
    cli.start(["bulk", list, "-o", `${name}.ndjson`, ...FAST], { runtime }),
  );
  await cli.control.arrived(60);
  for (const { child } of programs) child.kill("SIGSTOP");
  await cli.control.release();
  await sleep(12_000);
  for (const { child } of programs) child.kill("SIGCONT");
  for (const { ended } of programs) {
    const { code, stderr } = await ended;
    assert.equal(code, 0, stderr);
  }
  for (const name of Object.keys(RUNTIMES))
    assert.deepEqual(statesOf(cli.file(`${name}.ndjson`)), { created: 20 });
});
