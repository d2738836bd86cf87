// tests/wasm and tests/testing.rs: the client, the class and the fakes, compiled to wasm, in Node,
// Deno and Chromium.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { browser, CHROMIUM_FLAGS } from "../browser.ts";
import { buildTools, root, run, withCfg } from "../tools.js";

const TESTS = ["--locked", "--all-features", "--test", "wasm", "--test", "testing"];

/** Adds the class of the npm package. */
const withClass = (env: NodeJS.ProcessEnv) => withCfg(env, "npm_package");

/** Also tests the crate as Rust users build it, for which wasm-pack would compile more. */
function testInNode() {
  cargoTest(buildTools());
  wasmPackTest(["--node"]);
}

/** wasm-pack has no flag for Deno. */
function testInDeno() {
  const tools = buildTools();
  const PATH = [join(root, "scripts", "deno"), tools.PATH].join(delimiter);
  cargoTest(withClass({ ...tools, PATH, WASM_BINDGEN_USE_DENO: "1" }));
}

export function testInChromium() {
  const { chromedriver } = browser();
  const capabilities = join(mkdtempSync(join(tmpdir(), "webdriver-")), "capabilities.json");
  writeFileSync(capabilities, JSON.stringify({ "goog:chromeOptions": { args: CHROMIUM_FLAGS } }));
  wasmPackTest(["--headless", "--chrome", "--chromedriver", chromedriver], {
    WASM_BINDGEN_USE_BROWSER: "1",
    WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities,
  });
}

/** Runs what wasm-pack would run. */
function cargoTest(env: NodeJS.ProcessEnv) {
  run("cargo", ["test", "--target", "wasm32-unknown-unknown", ...TESTS], {
    env: { ...env, CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner" },
  });
}

function wasmPackTest(flags: string[], env?: NodeJS.ProcessEnv) {
  run("wasm-pack", ["test", ...flags, "--mode", "no-install", "--", ...TESTS], {
    env: withClass({ ...buildTools(), ...env }),
  });
}

if (import.meta.filename === process.argv[1]) {
  testInNode();
  testInDeno();
  testInChromium();
}
