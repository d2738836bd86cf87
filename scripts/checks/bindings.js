// tests/wasm: the client and the class, compiled to wasm, in Node, Deno and Chromium.
import { delimiter, join } from "node:path";

import { browser } from "../browser.js";
import { buildTools, root, run } from "../tools.js";

const TESTS = ["--locked", "--test", "wasm"];

/** With the class of the npm package, which the default features leave out. */
const WITH_CLASS = [...TESTS, "--features", "npm"];

/** Also as Rust users build the crate. */
export function testInNode() {
  wasmPackTest(["--node"], TESTS);
  wasmPackTest(["--node"], WITH_CLASS);
}

/** wasm-pack has no flag for Deno: this is what it would run. */
export function testInDeno() {
  const tools = buildTools();
  run("cargo", ["test", "--target", "wasm32-unknown-unknown", ...WITH_CLASS], {
    env: {
      ...tools,
      PATH: [join(root, "scripts", "deno"), tools.PATH].join(delimiter),
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner",
      WASM_BINDGEN_USE_DENO: "1",
    },
  });
}

export function testInChromium() {
  const { chromedriver } = browser();
  wasmPackTest(["--headless", "--chrome", "--chromedriver", chromedriver], WITH_CLASS, {
    WASM_BINDGEN_USE_BROWSER: "1",
  });
}

function wasmPackTest(flags, cargoFlags, env) {
  run("wasm-pack", ["test", ...flags, "--mode", "no-install", "--", ...cargoFlags], {
    env: { ...buildTools(), ...env },
  });
}
