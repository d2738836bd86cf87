// tests/wasm: the client and the class, compiled to wasm, in Node, Deno and Chromium.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { browser, CHROMIUM_FLAGS } from "../browser.ts";
import { buildTools, root, run } from "../tools.js";

const TESTS = ["--locked", "--test", "wasm", "--features"];

/** As Rust users build it. */
const WITHOUT_CLASS = [...TESTS, "bulk"];

const WITH_CLASS = [...TESTS, "npm,bulk"];

/** Also tests the crate as Rust users build it, for which wasm-pack would compile more. */
function testInNode() {
  cargoTest(WITHOUT_CLASS, buildTools());
  wasmPackTest(["--node"], WITH_CLASS);
}

/** wasm-pack has no flag for Deno. */
function testInDeno() {
  const tools = buildTools();
  const PATH = [join(root, "scripts", "deno"), tools.PATH].join(delimiter);
  cargoTest(WITH_CLASS, { ...tools, PATH, WASM_BINDGEN_USE_DENO: "1" });
}

export function testInChromium() {
  const { chromedriver } = browser();
  const capabilities = join(mkdtempSync(join(tmpdir(), "webdriver-")), "capabilities.json");
  writeFileSync(capabilities, JSON.stringify({ "goog:chromeOptions": { args: CHROMIUM_FLAGS } }));
  wasmPackTest(["--headless", "--chrome", "--chromedriver", chromedriver], WITH_CLASS, {
    WASM_BINDGEN_USE_BROWSER: "1",
    WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities,
  });
}

/** Runs what wasm-pack would run. */
function cargoTest(cargoFlags: string[], env: NodeJS.ProcessEnv) {
  run("cargo", ["test", "--target", "wasm32-unknown-unknown", ...cargoFlags], {
    env: { ...env, CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner" },
  });
}

function wasmPackTest(flags: string[], cargoFlags: string[], env?: NodeJS.ProcessEnv) {
  run("wasm-pack", ["test", ...flags, "--mode", "no-install", "--", ...cargoFlags], {
    env: { ...buildTools(), ...env },
  });
}

if (import.meta.filename === process.argv[1]) {
  testInNode();
  testInDeno();
  testInChromium();
}
