// tests/wasm and tests/testing.rs: the Rust client and the fakes, compiled to wasm, in Node, Deno
// and Chromium.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { browser, CHROMIUM_FLAGS } from "../browser.ts";
import { buildTools, root, run } from "../tools.js";

const TESTS = ["--locked", "--all-features", "--test", "wasm", "--test", "testing"];

function testInNode() {
  cargoTest(buildTools());
}

function testInDeno() {
  const tools = buildTools();
  const PATH = [join(root, "scripts", "deno"), tools.PATH].join(delimiter);
  cargoTest({ ...tools, PATH, WASM_BINDGEN_USE_DENO: "1" });
}

export function testInChromium() {
  const { chromedriver } = browser();
  const capabilities = join(mkdtempSync(join(tmpdir(), "webdriver-")), "capabilities.json");
  writeFileSync(capabilities, JSON.stringify({ "goog:chromeOptions": { args: CHROMIUM_FLAGS } }));
  cargoTest({
    ...buildTools(),
    CHROMEDRIVER: chromedriver,
    WASM_BINDGEN_USE_BROWSER: "1",
    WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities,
  });
}

function cargoTest(env: NodeJS.ProcessEnv) {
  run("cargo", ["test", "--target", "wasm32-unknown-unknown", ...TESTS], {
    env: { ...env, CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner" },
  });
}

if (import.meta.filename === process.argv[1]) {
  testInNode();
  testInDeno();
  testInChromium();
}
