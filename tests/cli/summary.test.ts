// What the command says of a run and of a results file: the summary as JSON, and status.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { useCommand } from "../support/command.ts";

const cli = useCommand();

test("--json prints the summary of a run, and nothing else, to standard output", async () => {
  await cli.control.fault({ operation: "create", drop: "answer", effect: true });
  const created = JSON.parse((await cli.bulk(5, ["--json"]).ends(1)).stdout);
  const { results, created: number, unknown, now, users, complete } = created;
  const expected = ["results.ndjson", 4, 1, 4, 5, false];
  assert.deepEqual([results, number, unknown, now, users, complete], expected);
  const revoked = JSON.parse((await cli.revoke(["--json", "--quiet"]).ends(1)).stdout);
  assert.deepEqual([revoked.revoked, revoked.not_revoked, revoked.unknown], [4, 0, 1]);
});

describe("status", () => {
  const status = (more: string[] = []) =>
    cli.run(["status", "results.ndjson", ...more], { env: { CLERK_SECRET_KEY: "" } });

  test("counts the users in a results file without a key, and changes nothing", async () => {
    await cli.bulk(3).ends(0);
    await status().ends(0, /^results\.ndjson: 3 created, 0 failed, 0 unknown\n$/);
    const { created, complete } = JSON.parse((await status(["--json"]).ends(0)).stdout);
    assert.deepEqual([created, complete], [3, true]);
  });

  test("works while a run is active", async () => {
    await cli.control.fault({ operation: "create", delay: 600_000, times: 2 });
    const run = cli.bulk(2);
    await cli.control.arrived(2);
    await status().ends(1, /0 created, 0 failed, 0 unknown, 2 sending\n/);
    await cli.control.release();
    await run.ends(0);
  });

  test("names tokens that have expired, as a run and a dry run do", async () => {
    const record = { user_id: "user_0", state: "created", token_id: "sit_1", expires_at: 1000 };
    cli.file("results.ndjson", `${JSON.stringify(record)}\n`);
    const said = /1 created, 0 failed, 0 unknown, 1 token expired\n/;
    await status().ends(1, said, /For new ones, revoke those by revoke --from/);
    const { expired, complete } = JSON.parse((await status(["--json"]).ends(1)).stdout);
    assert.deepEqual([expired, complete], [1, false]);
    await cli.bulk(1, ["--dry-run"]).ends(0, /1 user, 1 token expired; /);
    await cli.bulk(2).ends(1, /2 created \(1 now\).*, 1 token expired\n/);
  });

  test("refuses what is no results file", async () => {
    cli.file("results.ndjson", "Dear Ada,\n");
    await status().ends(1, /line 1 is not a result of this command/);
  });
});
