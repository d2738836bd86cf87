// npm run build: pkg/ ready to publish.
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { buildSync, transformSync } from "esbuild";

import { repositoryOf, withAbsoluteLinks } from "./repository.js";
import { buildTools, fail, root, run } from "./tools.js";

const name = "clerk_sign_in_tokens";

export function build() {
  buildWasm("pkg/wasm", "npm");
  buildCommand();
  for (const file of readdirSync(root).filter((name) => name.startsWith("LICENSE"))) {
    copyFileSync(join(root, file), join(root, "pkg", file));
  }
  writeReadme();
}

/** The README, as npm shows it. */
function writeReadme() {
  const [readme, manifest] = ["README.md", "pkg/package.json"].map((file) =>
    readFileSync(join(root, file), "utf8"),
  );
  const { version } = JSON.parse(manifest);
  writeFileSync(
    join(root, "pkg", "README.md"),
    withAbsoluteLinks(readme, repositoryOf(root), version),
  );
}

/** The command, with the libraries that it alone needs inside: the package has no dependency. */
function buildCommand() {
  const { metafile } = buildSync({
    metafile: true,
    absWorkingDir: root,
    entryPoints: [join(root, "cli", "main.js")],
    outfile: join(root, "pkg", "cli.js"),
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
  const inside = new Set(
    Object.keys(metafile.inputs).flatMap(
      (path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1] ?? [],
    ),
  );
  const licenses = [...inside].sort().map((name) => {
    const dir = join(root, "node_modules", name);
    const file =
      readdirSync(dir).find((entry) => /^licen[sc]e/i.test(entry)) ??
      fail(`${name} has no licence file.`);
    return `${name}\n\n${readFileSync(join(dir, file), "utf8").trim()}\n`;
  });
  writeFileSync(
    join(root, "pkg", "LICENSE-THIRD-PARTY"),
    `cli.js contains these libraries.\n\n${licenses.join("\n---\n\n")}`,
  );
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
