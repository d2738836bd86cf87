// npm test: everything. Native tests, the bindings in Node, Deno and Chromium, then the packed tarball in every runtime.
import { rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { browser } from "./browser.js";
import { install } from "./install.js";
import { lint } from "./lint.js";
import { pack } from "./pack.js";
import { buildTools, cargoTool, root, run, succeeds } from "./tools.js";

const tools = buildTools();
const { chromedriver } = browser();

section("Format and lint");
lint();

section("The core, natively");
run("cargo", ["fmt", "--check"]);
run("cargo", ["clippy", "--locked", "--all-targets", "--all-features", "--", "-D", "warnings"]);
run("cargo", [
  "clippy",
  "--locked",
  "--target",
  "wasm32-unknown-unknown",
  "--all-features",
  "--",
  "-D",
  "warnings",
]);
run("cargo", ["test", "--locked", "--all-features"]);

section("The bindings in Node, Deno and Chromium");
const wasmPackTest = (flags, env) =>
  run("wasm-pack", ["test", ...flags, "--mode", "no-install"], { env: { ...tools, ...env } });
wasmPackTest(["--node"]);
// wasm-pack has no flag for Deno: this is what it would run.
run("cargo", ["test", "--locked", "--target", "wasm32-unknown-unknown", "--test", "client"], {
  env: {
    ...tools,
    PATH: [join(root, "scripts", "deno"), tools.PATH].join(delimiter),
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner",
    WASM_BINDGEN_USE_DENO: "1",
  },
});
wasmPackTest(["--headless", "--chrome", "--chromedriver", chromedriver], {
  WASM_BINDGEN_USE_BROWSER: "1",
});

section("What comes in with dependencies");
const deny = join(
  cargoTool("cargo-deny", "cargo-deny", "0.20.2", ["--locked", "--debug"]),
  "cargo-deny",
);
run(deny, ["check", "bans", "licenses", "sources"]);
if (succeeds(deny, ["fetch", "db"])) run(deny, ["check", "advisories"]);
else console.log("Advisories were not checked: their database cannot be reached.");

section("The fuzz targets, briefly");
if (succeeds("cargo", ["+nightly", "--version"]) && succeeds("c++", ["--version"])) {
  const PATH = [
    cargoTool("cargo-fuzz", "cargo-fuzz", "0.13.2", ["--locked", "--debug"]),
    process.env.PATH,
  ].join(delimiter);
  for (const target of ["response", "retry_after"]) {
    run(
      "cargo",
      [
        "+nightly",
        "fuzz",
        "run",
        target,
        "--",
        "-max_total_time=5",
        "-max_len=1024",
        "-verbosity=0",
      ],
      { env: { ...process.env, PATH } },
    );
  }
} else {
  console.log("Not run: they need a nightly toolchain and a C++ compiler.");
}

section("The packed tarball");
const app = install([pack()], ["tests/fixtures/agent"]);
try {
  run(
    "node",
    [
      "--test",
      "--test-reporter",
      "spec",
      "--test-timeout",
      "300000",
      ...process.argv.slice(2),
      "{tests,emulator}/**/*.test.js",
    ],
    {
      env: { ...process.env, TEST_APP: app },
    },
  );
} finally {
  rmSync(dirname(app), { recursive: true, force: true });
}

function section(title) {
  console.log(`\n=== ${title} ===\n`);
}
