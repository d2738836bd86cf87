// Compiles the types in users' set-ups, and checks the package with publint and arethetypeswrong.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../scripts/tools.js";
import { app, tarball } from "../support/app.ts";

const types = join(root, "node_modules");
cpSync(join(root, "tests", "fixtures", "types"), join(app, "types"), { recursive: true });
cpSync(join(app, "types", "usage.ts"), join(app, "types", "usage.cts"));

const node16 = { module: "node16", moduleResolution: "node16" };
const nodenext = { module: "nodenext", moduleResolution: "nodenext" };
const bundler = { module: "esnext", moduleResolution: "bundler" };

/** The options of the compiler, and the file that it compiles. */
const SETUPS: Record<string, { file?: string } & Record<string, unknown>> = {
  bundler: { ...bundler, skipLibCheck: false },
  node16,
  nodenext,
  "node16, CommonJS": { ...node16, file: "usage.cts" },
  "nodenext, CommonJS": { ...nodenext, file: "usage.cts" },
  "Node without the DOM": { ...nodenext, lib: ["esnext"], types: [join(types, "@types/node")] },
  "an older lib": {
    ...bundler,
    file: "worker.ts",
    lib: ["es2022"],
    types: [join(types, "@cloudflare/workers-types")],
  },
};

for (const [name, { file = "usage.ts", ...options }] of Object.entries(SETUPS)) {
  test(`the types compile under strict: ${name}`, () => {
    const project = join(app, "types", `tsconfig.${name.replaceAll(/\W+/g, "-")}.json`);
    const compilerOptions = {
      lib: ["esnext", "dom"],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      target: "es2022",
      skipLibCheck: true,
      ...options,
    };
    writeFileSync(project, JSON.stringify({ compilerOptions, files: [file] }));
    clean("tsc", ["--project", project]);
  });
}

test("publint finds nothing", () => {
  clean("publint", ["run", join(app, "node_modules", "clerk-sign-in-tokens"), "--strict"]);
});

test("arethetypeswrong finds nothing", () => {
  clean("attw", [tarball, "--no-color"]);
});

function clean(command: string, args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: app, encoding: "utf8" });
  assert.equal(status, 0, `${stdout}${stderr}`);
}
