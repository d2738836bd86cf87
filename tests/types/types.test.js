// Compiles the types in users' set-ups, and checks the package with publint and arethetypeswrong.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { app, tarball } from "../support/app.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const types = join(root, "node_modules");
cpSync(join(root, "tests", "fixtures", "types"), join(app, "types"), { recursive: true });
cpSync(join(app, "types", "usage.ts"), join(app, "types", "usage.cts"));

const SETUPS = {
  bundler: {
    file: "usage.ts",
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["esnext", "dom"],
    types: [],
  },
  node16: {
    file: "usage.ts",
    module: "node16",
    moduleResolution: "node16",
    lib: ["esnext", "dom"],
    types: [],
  },
  nodenext: {
    file: "usage.ts",
    module: "nodenext",
    moduleResolution: "nodenext",
    lib: ["esnext", "dom"],
    types: [],
  },
  "node16, CommonJS": {
    file: "usage.cts",
    module: "node16",
    moduleResolution: "node16",
    lib: ["esnext", "dom"],
    types: [],
  },
  "nodenext, CommonJS": {
    file: "usage.cts",
    module: "nodenext",
    moduleResolution: "nodenext",
    lib: ["esnext", "dom"],
    types: [],
  },
  "Node without the DOM": {
    file: "usage.ts",
    module: "nodenext",
    moduleResolution: "nodenext",
    lib: ["esnext"],
    types: [join(types, "@types/node")],
  },
  "an older lib": {
    file: "worker.ts",
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["es2022"],
    types: [join(types, "@cloudflare/workers-types")],
  },
};

for (const [name, { file, ...options }] of Object.entries(SETUPS)) {
  test(`the types compile under strict: ${name}`, () => {
    const project = join(app, "types", `tsconfig.${name.replaceAll(/\W+/g, "-")}.json`);
    writeFileSync(
      project,
      JSON.stringify({
        compilerOptions: {
          ...options,
          strict: true,
          exactOptionalPropertyTypes: true,
          noEmit: true,
          target: "es2022",
          skipLibCheck: name !== "bundler",
        },
        files: [file],
      }),
    );
    clean("tsc", ["--project", project]);
  });
}

test("publint finds nothing", () => {
  clean("publint", ["run", join(app, "node_modules", "clerk-sign-in-tokens"), "--strict"]);
});

test("arethetypeswrong finds nothing", () => {
  clean("attw", [tarball, "--no-color"]);
});

function clean(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: app, encoding: "utf8" });
  assert.equal(status, 0, `${stdout}${stderr}`);
}
