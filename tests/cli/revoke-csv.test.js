// revoke --from reads the CSV of the results too: the command's own, and the admin page's.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";

import { runCsv } from "../../www/page/state/run-csv.ts";
import { FAST, useCommand, usersList } from "../support/command.ts";

const cli = useCommand();

const bulk = (more = []) =>
  cli.run(["bulk", cli.file("users.csv", usersList(5)), "-o", "results.ndjson", ...FAST, ...more]);
const revoke = (path) => cli.run(["revoke", "--from", path, ...FAST]);
const isLive = ({ status }) => status === "pending";

test("the command's own CSV", async () => {
  await bulk(["--format", "csv"]);
  const { code, stderr } = await revoke("results.ndjson.csv");
  assert.equal(code, 0);
  assert.match(stderr, /results\.ndjson\.csv: 5 tokens revoked \(5 now\), 0 not revoked\n/);
  assert.ok(!(await cli.control.tokens()).some(isLive));
  // It records nothing, so it revokes again what is revoked already.
  assert.equal((await revoke("results.ndjson.csv")).code, 0);
});

test("the admin page's CSV, with all statuses that it has", async () => {
  await bulk();
  const tokens = await cli.control.tokens();
  const [created, unknown, ...others] = ["created", "unknown", "revoked", "not_pending", "failed"];
  const rows = [created, unknown, ...others].map((status, index) => ({
    line: index + 2,
    cells: [tokens[index].user_id, "=1"],
    userId: tokens[index].user_id,
    status,
    link: { tokenId: tokens[index].id, url: tokens[index].url, expiresAt: 0 },
  }));
  const skipped = { line: 9, cells: ["nobody", ""], userId: "nobody", status: "skipped" };
  const csv = runCsv({ columns: ["user_id", "state"] }, [...rows, skipped]);
  writeFileSync(cli.file("sign-in-links.csv"), `\uFEFF${csv}`);
  const { code, stderr } = await revoke("sign-in-links.csv");
  assert.equal(code, 1);
  assert.match(stderr, /1 token revoked \(1 now\), 0 not revoked\n[^]*not in the file/);
  const live = (await cli.control.tokens()).filter(isLive).map(({ id }) => id);
  assert.deepEqual(
    live.sort(),
    tokens
      .slice(1)
      .map(({ id }) => id)
      .sort(),
  );
});

test("a row that cannot be read is named, and its token counts as not revoked", async () => {
  await bulk(["--format", "csv"]);
  const path = cli.file("results.ndjson.csv");
  const [header, first, ...rest] = readFileSync(path, "utf8").split("\r\n");
  writeFileSync(path, [header, `"a"b,${first}`, ...rest].join("\r\n"));
  const { code, stderr } = await revoke("results.ndjson.csv");
  assert.equal(code, 1);
  assert.match(stderr, /warning: line 2: text follows a closing quote\n/);
  assert.match(stderr, /4 tokens revoked \(4 now\), 1 not revoked\n/);
});
