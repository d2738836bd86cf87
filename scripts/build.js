// npm run build: pkg/ ready to publish.
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { buildTools, root, run } from "./tools.js";

const wasmDir = join(root, "pkg", "wasm");
const name = "clerk_sign_in_tokens";

export function build() {
  const env = buildTools();
  rmSync(wasmDir, { recursive: true, force: true });
  run("wasm-pack", [
    "build", "--target", "bundler", "--no-pack", "--no-typescript", "--mode", "no-install", "--out-dir", "pkg/wasm", ".",
    "--features", "npm", "--locked",
  ], { env });
  writeInline();
  // The package has entries of its own: wasm-pack's works in bundlers only.
  rmSync(join(wasmDir, `${name}.js`));
  rmSync(join(wasmDir, ".gitignore"), { force: true });
  for (const license of readdirSync(root).filter((file) => file.startsWith("LICENSE"))) {
    copyFileSync(join(root, license), join(root, "pkg", license));
  }
}

/** The wasm as a JavaScript module, for runtimes that may compile it from bytes. */
function writeInline() {
  const base64 = readFileSync(join(wasmDir, `${name}_bg.wasm`)).toString("base64");
  writeFileSync(
    join(wasmDir, "inline.js"),
    `// Made by scripts/build.js: ${name}_bg.wasm, compiled from its bytes.
const bytes = Uint8Array.from(atob("${base64}"), (c) => c.charCodeAt(0));
export default new WebAssembly.Module(bytes);
`,
  );
}

if (import.meta.filename === process.argv[1]) build();
