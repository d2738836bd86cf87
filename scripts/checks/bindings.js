// tests/wasm: the client and the class, compiled to wasm, in Node, Deno and Chromium.
import { delimiter, join } from "node:path";

import { browser } from "../browser.js";
import { buildTools, root, run } from "../tools.js";

const TESTS = ["--locked", "--test", "wasm"];

/** With the class of the npm package, which the default features leave out. */
const WITH_CLASS = [...TESTS, "--features", "npm"];

/** Also tests the crate as Rust users build it. wasm-pack would compile the native tests again for that. */
export function testInNode() {
  cargoTest(TESTS, buildTools());
  wasmPackTest(["--node"], WITH_CLASS);
}

/** wasm-pack has no flag for Deno. */
export function testInDeno() {
  const tools = buildTools();
  const PATH = [join(root, "scripts", "deno"), tools.PATH].join(delimiter);
  cargoTest(WITH_CLASS, { ...tools, PATH, WASM_BINDGEN_USE_DENO: "1" });
}

export function testInChromium() {
  const { chromedriver } = browser();
  wasmPackTest(["--headless", "--chrome", "--chromedriver", chromedriver], WITH_CLASS, {
    WASM_BINDGEN_USE_BROWSER: "1",
  });
}

/**
 * Runs what wasm-pack would run.
 *
 * @param {string[]} cargoFlags
 * @param {NodeJS.ProcessEnv} env
 */
function cargoTest(cargoFlags, env) {
  run("cargo", ["test", "--target", "wasm32-unknown-unknown", ...cargoFlags], {
    env: { ...env, CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner" },
  });
}

/**
 * @param {string[]} flags
 * @param {string[]} cargoFlags
 * @param {NodeJS.ProcessEnv} [env]
 */
function wasmPackTest(flags, cargoFlags, env) {
  run("wasm-pack", ["test", ...flags, "--mode", "no-install", "--", ...cargoFlags], {
    env: { ...buildTools(), ...env },
  });
}

if (import.meta.filename === process.argv[1]) {
  testInNode();
  testInDeno();
  testInChromium();
}
