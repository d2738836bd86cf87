// The crate's own tests, compiled to wasm, in Node, Deno and Chromium.
import { delimiter, join } from "node:path";

import { browser } from "../browser.js";
import { buildTools, root, run } from "../tools.js";

export function testInNode() {
  wasmPackTest(["--node"]);
}

/** wasm-pack has no flag for Deno: this is what it would run. */
export function testInDeno() {
  const tools = buildTools();
  run("cargo", ["test", "--locked", "--target", "wasm32-unknown-unknown", "--test", "client"], {
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
  wasmPackTest(["--headless", "--chrome", "--chromedriver", chromedriver], {
    WASM_BINDGEN_USE_BROWSER: "1",
  });
}

function wasmPackTest(flags, env) {
  run("wasm-pack", ["test", ...flags, "--mode", "no-install"], {
    env: { ...buildTools(), ...env },
  });
}
