// Runs the programs in the README, the guides and docs/llms.txt unchanged against the emulator, and
// checks the links.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { startProcess } from "../../scripts/process.ts";
import { root } from "../../scripts/tools.js";
import { app } from "../support/app.ts";

const DOCUMENTS = ["README.md", "docs/llms.txt", "docs/redeeming.md"];
const programs = DOCUMENTS.flatMap((file) =>
  [...readFileSync(join(root, file), "utf8").matchAll(/```js\n([^]*?)```/g)].map(
    ([, program], index) => ({ file, program, name: `${file} ${index + 1}` }),
  ),
);

let emulator: Awaited<ReturnType<typeof startProcess>>;
before(async () => {
  emulator = await startProcess("node", [join(root, "scripts", "emulator.ts")]);
});
after(() => emulator.stop());

/** Adds the environment to a program, and redirects the API's address to the emulator. */
const around = (program: string) => `
  ${/import .*SignInTokens/.test(program) ? "" : 'import { SignInTokens } from "clerk-sign-in-tokens";'}
  const env = { CLERK_SECRET_KEY: "sk_test_emulator" };
  const { fetch: realFetch } = globalThis;
  globalThis.fetch = (url, init) => realFetch(url.replace("https://api.clerk.com", "${emulator.url}"), init);
  ${program}`;

test("each document has programs", () => {
  for (const document of DOCUMENTS) assert.ok(programs.some(({ file }) => file === document));
});

for (const { name, program } of programs) {
  const first = program.split("\n").find((line) => !line.startsWith("import") && line);
  test(`program ${name} runs: ${first}`, () => {
    const dir = join(app, "readme");
    mkdirSync(dir, { recursive: true });
    const file = join(dir, `${name.replaceAll(/\W/g, "-")}.mjs`);
    writeFileSync(file, around(program));
    // A program that catches its error prints it.
    const { status, stderr } = spawnSync("node", [file], { cwd: dir, encoding: "utf8" });
    assert.deepEqual([status, stderr], [0, ""]);
  });
}

const tracked = ["ls-files", "*.md", "docs/llms.txt"];
const documents = execFileSync("git", tracked, { cwd: root, encoding: "utf8" }).trim().split("\n");

for (const file of documents) {
  const text = readFileSync(join(root, file), "utf8");

  test(`the links of ${file} have targets`, () => {
    for (const [, link] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      assert.ok(existsSync(join(root, file, "..", link)), link);
    }
  });

  test(`no line of ${file} has more than 100 characters, but for tables and code`, () => {
    const lines = text.replace(/^ *```[^]*?^ *```/gm, "").split("\n");
    const long = lines.filter((line) => line.length > 100 && !/^\||^\[.*\]: |^\S+$/.test(line));
    assert.deepEqual(long, []);
  });
}
