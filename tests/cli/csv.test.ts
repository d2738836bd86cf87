// The CSV of the results: what --format csv writes, and what revoke --from reads.
import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";

import Papa from "papaparse";

import { runCsv } from "../../www/page/state/run-csv.ts";
import { BULK, useCommand } from "../support/command.ts";

const cli = useCommand();

const CSV = ["--format", "csv"];
const text = () => readFileSync(`${cli.results}.csv`, "utf8");
const rows = () => Papa.parse<string[]>(text()).data;

describe("--format csv", () => {
  test("has the list's own columns and the result of each row, in the list's order", async () => {
    const list =
      'id,email,state,password_digest,note\nuser_1,ada@example.com,TX,$2a$10$x,"a, ""b""\nc"\n' +
      "oops,b@example.com,,$2a$10$y,\nuser_2,c@example.com,,,\nuser_1,d@example.com,,,\n";
    await cli.control.fault({ operation: "create", status: 404, body: { errors: [] } });
    const said = /results\.ndjson\.csv: the same as CSV/;
    await cli.bulk(list, [...CSV, "--concurrency", "1"]).ends(1, said);
    const [header, ...cells] = rows();
    const names = ["email", "input_state", "note", "line", "user_id", "state"];
    assert.deepEqual(header.slice(0, 6), names);
    const url = cli.users().get("user_2")?.url;
    assert.deepEqual(
      cells.slice(0, 4).map((row) => row.slice(0, 7)),
      [
        ["ada@example.com", "TX", 'a, "b"\nc', "2", "user_1", "failed", ""],
        ["b@example.com", "", "", "4", "oops, b@example.com, , ", "not_usable", ""],
        ["c@example.com", "", "", "5", "user_2", "created", url],
        ["d@example.com", "", "", "6", "user_1", "not_usable", ""],
      ],
    );
    assert.ok(text().startsWith("\uFEFF") && !text().includes("$2a$"), "no password digest");
    assert.equal(statSync(`${cli.results}.csv`).mode & 0o077, 0);
  });

  test("has the columns of all rows, and both of two with one name", async () => {
    await cli.bulk("user_id,note,note\nuser_1\nuser_2,a,b,c\n", CSV).ends(0);
    const [header, ...cells] = rows();
    assert.deepEqual(header.slice(0, 4), ["note", "input_note", "column 4", "line"]);
    assert.deepEqual(cells[0].slice(0, 5), ["", "", "", "2", "user_1"]);
    assert.deepEqual(cells[1].slice(0, 5), ["a", "b", "c", "3", "user_2"]);
  });

  test("has the list's own separator and quotes, also when it is written again", async () => {
    for (let n = 0; n < 2; n++) {
      await cli.bulk('"user_id";"note"\n"user_1";"a,b"\n', CSV).ends(0);
      assert.match(text(), /^\uFEFF"note";"line";"user_id";.*\r\n"a,b";"2";"user_1";"created";/);
    }
    await cli.revoke([], "results.ndjson.csv").ends(0);
  });

  test("contains no formula", async () => {
    await cli.bulk('user_id,a,b,c,＝d\nuser_1,=HYPERLINK("x"),"=1\n+2","x",＝1\n', CSV).ends(0);
    const cells = rows().flat();
    assert.ok(cells.includes("'＝1"));
    for (const cell of cells) assert.doesNotMatch(cell, /^\s*[=+\-@＝\t\r]/);
  });

  test("does not overwrite a file of another kind or the list, but its own", async () => {
    const other = "user_id,email\nuser_1,a@example.com\n";
    const path = cli.file("results.ndjson.csv", other);
    const said = /results\.ndjson\.csv exists, and is not a file of this command/;
    await cli.bulk(1, CSV).ends(2, said);
    await cli.run([...BULK.with(1, path), ...CSV]).ends(2);
    assert.equal(readFileSync(path, "utf8"), other);
    assert.deepEqual(await cli.control.requests(), []);
    writeFileSync(path, "");
    for (let n = 0; n < 2; n++) await cli.bulk(1, CSV).ends(0);
  });

  test("that cannot be written fails the run, after the summary", async () => {
    const env = cli.failing(`
      const full = { code: "ENOSPC", syscall: "write" };
      fs.write = (...args) =>
        args.at(-1)(Object.assign(new Error("ENOSPC: no space left on device, write"), full));`);
    await cli.control.fault({ operation: "create", drop: "answer", effect: true });
    const summary = /: 2 created \(2 now\), 0 failed, 1 unknown\n[^]*unknown user_\d/;
    const said = /\nerror: results\.ndjson\.csv: no space left on device\n$/;
    const { stderr } = await cli.bulk(3, CSV, { env }).ends(1, summary, said);
    assert.ok(!stderr.includes("the same as CSV"));
  });
});

describe("revoke --from reads", () => {
  const live = async () =>
    (await cli.control.tokens()).filter(({ status }) => status === "pending").map(({ id }) => id);

  test("the command's own CSV", async () => {
    await cli.bulk(5, CSV).ends(0);
    const said = /results\.ndjson\.csv: 5 tokens revoked \(5 now\), 0 not revoked\n/;
    await cli.revoke([], "results.ndjson.csv").ends(0, said);
    assert.deepEqual(await live(), []);
    // It records nothing, so it revokes again what is revoked already.
    await cli.revoke([], "results.ndjson.csv").ends(0);
  });

  test("the admin page's CSV, with all statuses that it has", async () => {
    await cli.bulk(5).ends(0);
    const tokens = await cli.control.tokens();
    const statuses = ["created", "unknown", "revoked", "not_pending", "failed"] as const;
    const rows = statuses.map((status, index) => {
      const { id: tokenId, url, user_id: userId } = tokens[index];
      const link = { tokenId, url, expiresAt: 0 };
      return { line: index + 2, cells: [userId, "=1"], userId, status, link };
    });
    const skipped = { line: 9, cells: ["nobody", ""], userId: "nobody", status: "skipped" };
    const all = [...rows, skipped] as Parameters<typeof runCsv>[1];
    const csv = runCsv({ columns: ["user_id", "state"], csv: {} }, all);
    writeFileSync(cli.file("sign-in-links.csv"), `\uFEFF${csv}`);
    const said = /1 token revoked \(1 now\), 0 not revoked\n[^]*not in the file/;
    await cli.revoke([], "sign-in-links.csv").ends(1, said);
    const others = tokens.slice(1).map(({ id }) => id);
    assert.deepEqual((await live()).sort(), others.sort());
  });

  test("a row that is damaged: it is named, and its token counts as not revoked", async () => {
    await cli.bulk(5, CSV).ends(0);
    const [header, first, ...rest] = text().split("\r\n");
    writeFileSync(`${cli.results}.csv`, [header, `"a"b,${first}`, ...rest].join("\r\n"));
    const warning = /warning: line 2: text follows a closing quote\n/;
    const said = /4 tokens revoked \(4 now\), 1 not revoked\n/;
    await cli.revoke([], "results.ndjson.csv").ends(1, warning, said);
  });
});
