// The README's programs, run as they stand against the emulator, and its links.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { startProcess } from "../../scripts/process.js";
import { root } from "../../scripts/tools.js";
import { app } from "../support/app.js";

const readme = readFileSync(join(root, "README.md"), "utf8");
const programs = [...readme.matchAll(/```js\n([^]*?)```/g)].map(([, program]) => program);

let emulator;
before(async () => {
  emulator = await startProcess("node", [join(root, "scripts", "emulator.js")]);
});
after(() => emulator.stop());

/** What stands around a program in a user's own: the environment, and the API's address led to the emulator. */
const around = (program) => `
  ${/import .*SignInTokens/.test(program) ? "" : 'import { SignInTokens } from "clerk-sign-in-tokens";'}
  const env = { CLERK_SECRET_KEY: "sk_test_emulator" };
  const { fetch: realFetch } = globalThis;
  globalThis.fetch = (url, init) => realFetch(url.replace("https://api.clerk.com", "${emulator.url}"), init);
  ${program}`;

test("it has programs", () => assert.ok(programs.length >= 5));

for (const [index, program] of programs.entries()) {
  test(`program ${index + 1} runs: ${program.split("\n").find((line) => !line.startsWith("import") && line)}`, () => {
    const dir = join(app, "readme");
    mkdirSync(dir, { recursive: true });
    const file = join(dir, `${index}.mjs`);
    writeFileSync(file, around(program));
    execFileSync("node", [file], { cwd: dir, stdio: ["ignore", "pipe", "pipe"] });
  });
}

for (const file of [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "docs/architecture.md",
  "docs/size.md",
  "docs/bulk.md",
  "cli/README.md",
  "examples/README.md",
  "www/README.md",
]) {
  test(`the links of ${file} lead somewhere`, () => {
    const text = readFileSync(join(root, file), "utf8");
    for (const [, link] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      assert.ok(existsSync(join(root, file, "..", link)), link);
    }
  });
}
