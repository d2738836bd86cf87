// npm run build: pkg/ ready to publish.
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { buildSync, transformSync } from "esbuild";

import { buildTools, fail, root, run } from "./tools.js";

const name = "clerk_sign_in_tokens";

export function build() {
  buildWasm("pkg/wasm", "npm");
  copyTexts("pkg", /^(README|LICENSE)/);
  buildCommand();
}

/** The package of the command: one file, with the libraries inside that only the command needs. */
function buildCommand() {
  const dir = join(root, "cli");
  rmSync(join(dir, "dist"), { recursive: true, force: true });
  const { metafile } = buildSync({
    metafile: true,
    absWorkingDir: root,
    entryPoints: [join(dir, "main.js")],
    outdir: join(dir, "dist"),
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["clerk-sign-in-tokens"],
    legalComments: "inline",
    // What is CommonJS among them asks for Node's modules by require().
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  chmodSync(join(dir, "dist", "main.js"), 0o755);
  copyTexts("cli", /^LICENSE/);
  writeFileSync(join(dir, "LICENSE-THIRD-PARTY"), licensesOf(Object.keys(metafile.inputs)));
}

/** The licences of the libraries whose files were bundled. */
function licensesOf(paths) {
  const dirs = new Set(
    paths.flatMap((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []),
  );
  const licenses = [...dirs].map((dir) => {
    const { name, license, author } = JSON.parse(
      readFileSync(join(root, dir, "package.json"), "utf8"),
    );
    const file = readdirSync(join(root, dir)).find((entry) => /^licen[sc]e/i.test(entry));
    if (!file && !license) fail(`${name} has no licence.`);
    // Some say no more than the licence's name.
    const text = file
      ? readFileSync(join(root, dir, file), "utf8").trim()
      : `${license}, ${author}`;
    return `${name}\n\n${text}\n`;
  });
  return `dist/main.js contains these libraries.\n\n${licenses.sort().join("\n---\n\n")}`;
}

/** Copies the files of the workspace's root whose names match, into `dir`. */
function copyTexts(dir, name) {
  for (const file of readdirSync(root).filter((file) => name.test(file)))
    copyFileSync(join(root, file), join(root, dir, file));
}

/** Leaves the wasm and its glue in `dir`, and nothing else. */
export function buildWasm(dir, features, env = {}) {
  const out = join(root, dir);
  rmSync(out, { recursive: true, force: true });
  run(
    "wasm-pack",
    [
      "build",
      "--target",
      "bundler",
      "--no-pack",
      "--no-typescript",
      "--mode",
      "no-install",
      "--out-dir",
      dir,
      ".",
      "--no-default-features",
      "--features",
      features,
      "--locked",
    ],
    { env: { ...buildTools(), ...env } },
  );
  minify(join(out, `${name}_bg.js`));
  writeInline(out);
  // The package has entries of its own: wasm-pack's works in bundlers only.
  for (const file of [`${name}.js`, ".gitignore"]) rmSync(join(out, file), { force: true });
}

/** wasm-bindgen's glue, which nobody reads: many a bundle is deployed as it is. */
function minify(file) {
  const { code } = transformSync(readFileSync(file, "utf8"), {
    minify: true,
    format: "esm",
    target: "es2022",
  });
  writeFileSync(file, `// Made by wasm-bindgen, minified by scripts/build.js.\n${code}`);
}

/** The wasm as a JavaScript module, for runtimes that may compile it from bytes. */
function writeInline(dir) {
  const base64 = readFileSync(join(dir, `${name}_bg.wasm`)).toString("base64");
  writeFileSync(
    join(dir, "inline.js"),
    `// Made by scripts/build.js: ${name}_bg.wasm, compiled from its bytes.
const bytes = Uint8Array.from(atob("${base64}"), (c) => c.charCodeAt(0));
export default new WebAssembly.Module(bytes);
`,
  );
}

if (import.meta.filename === process.argv[1]) build();
