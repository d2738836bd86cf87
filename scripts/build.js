// npm run build: pkg/ ready to publish.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { buildSync, transformSync } from "esbuild";

import { buildTools, fail, root, run } from "./tools.js";

const name = "clerk_sign_in_tokens";

/** The documentation of what wasm-bindgen adds to the class. */
const FREE = `/**
     * Drops the options and with them the key. Calls in flight go on; later ones fail with \`invalid_argument\`. Never
     * needed: a client that is no longer used is collected like any object.
     */
    `;
const DISPOSE = `/** The same as {@link SignInTokens.free}, for \`using\`. */
    `;

/** What the inlined wasm says in a runtime that compiles no bytes, which is one that has an entry of its own. */
const NOT_COMPILED =
  "clerk-sign-in-tokens: this runtime does not compile WebAssembly from bytes. In a Cloudflare Worker, the bundler took " +
  'the entry for Node: let it resolve the package with the condition "workerd" (Next.js with OpenNext: ' +
  'serverExternalPackages: ["clerk-sign-in-tokens"]; SvelteKit: no ssr.noExternal for it). In a page, the ' +
  "Content-Security-Policy needs 'wasm-unsafe-eval'.";

/** What runs nowhere but in runtimes and programs that take ES modules. */
const ES_ONLY = ["workerd.js", "edge-light.js", "cli.js"];

export function build() {
  buildWasm("pkg/wasm", "npm");
  writeTypes();
  writeCommonJs();
  buildCommand();
  for (const file of readdirSync(root).filter((name) => /^(README|LICENSE)/.test(name))) {
    copyFileSync(join(root, file), join(root, "pkg", file));
  }
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
  writeGlue(join(out, `${name}_bg.js`));
  writeInline(out);
  // The package has entries of its own: wasm-pack's works in bundlers only.
  const left = [`${name}.js`, `${name}_bg.wasm.d.ts`, ".gitignore", "snippets"];
  for (const file of left) rmSync(join(out, file), { recursive: true, force: true });
}

/** wasm-bindgen's glue, with the package's own error class in place of the copy that wasm-bindgen made. */
function writeGlue(file) {
  const glue = readFileSync(file, "utf8").replace(
    /"?'?\.\/snippets\/[^'"]+\/error\.js'?"?/,
    '"../error.js"',
  );
  // Nobody reads it, and many a bundle is deployed as it is.
  const { code } = transformSync(glue, { minify: true, format: "esm", target: "es2022" });
  writeFileSync(file, `// Made by wasm-bindgen, minified by scripts/build.js.\n${code}`);
}

/** The package's types: those of the class are made of its doc comments in Rust. */
function writeTypes() {
  const made = join(root, "pkg", "wasm", `${name}.d.ts`);
  const types = readFileSync(made, "utf8")
    // wasm-bindgen does not know the type of a class that JavaScript gave it; types.d.ts does.
    .replace("export let SignInTokensError: unknown;", "")
    .replace("free(): void;", `${FREE}free(): void;`)
    .replace("[Symbol.dispose](): void;", `${DISPOSE}[Symbol.dispose](): void;`);
  const header =
    "// Made by scripts/build.js: src/js/types.d.ts, and the doc comments of src/js/class.rs.\n";
  writeFileSync(join(root, "pkg", "index.d.ts"), `${header}${types}`);
  rmSync(made);
}

/** The wasm as a JavaScript module, for runtimes that may compile it from bytes. */
function writeInline(dir) {
  const base64 = readFileSync(join(dir, `${name}_bg.wasm`)).toString("base64");
  writeFileSync(
    join(dir, "inline.js"),
    `// Made by scripts/build.js: ${name}_bg.wasm, compiled from its bytes.
const bytes = Uint8Array.from(atob("${base64}"), (c) => c.charCodeAt(0));
export default compile();

function compile() {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    throw new Error(${JSON.stringify(NOT_COMPILED)}, { cause });
  }
}
`,
  );
}

/**
 * The package as CommonJS, file by file, so that its entries share one copy of the classes. In a folder with a package.json
 * of its own, since Node goes by the nearest one.
 */
function writeCommonJs() {
  const [from, to] = [join(root, "pkg"), join(root, "pkg", "cjs")];
  rmSync(to, { recursive: true, force: true });
  const isPart = (file) => /\.(js|d\.ts)$/.test(file) && !ES_ONLY.includes(file);
  for (const file of readdirSync(from, { recursive: true }).filter(isPart)) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    const source = readFileSync(join(from, file), "utf8");
    writeFileSync(join(to, file), file.endsWith(".d.ts") ? source : toCommonJs(file, source));
  }
  writeFileSync(join(to, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
}

function toCommonJs(file, source) {
  const minify = file.startsWith("wasm/");
  return transformSync(source, { minify, format: "cjs", platform: "node", target: "es2022" }).code;
}

if (import.meta.filename === process.argv[1]) build();
