// A process that was stopped, by Ctrl-Z or a closed lid, for longer than a request may take: an answer in hand comes before the end of
// the time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { FAST, RUNTIMES, statesOf, useCommand, usersList } from "../support/command.ts";

const cli = useCommand();

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`nobody is unknown whose answer had come, in ${name}`, async () => {
    await cli.control.fault({ operation: "create", delay: 600_000, times: 20 });
    const list = cli.file("users.csv", usersList(20));
    const program = cli.start(["bulk", list, "-o", "results.ndjson", ...FAST], { runtime });
    while ((await cli.control.requests()).length < 20) await sleep(20);
    program.child.kill("SIGSTOP");
    await cli.control.release();
    await sleep(12_000);
    program.child.kill("SIGCONT");
    const { code, stderr } = await program.ended;
    assert.equal(code, 0, stderr);
    assert.deepEqual(statesOf(cli.file("results.ndjson")), { created: 20 });
  });
}
