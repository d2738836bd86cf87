// npm run build: pkg/ ready to publish.
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

import { buildSync, transformSync } from "esbuild";

import { optimize } from "./optimize.js";
import { repositoryOf, withAbsoluteLinks } from "./repository.js";
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
const ES_ONLY = ["workerd.js", "edge-light.js"];

/** Builds the package and the command; `env` is added to the environment in which cargo builds. */
export function build(env) {
  buildWasm("pkg/wasm", "npm", env);
  writeTypes();
  copyTexts("pkg", /^LICENSE/);
  writeReadme();
  writeCommonJs();
  buildCommand();
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

/** Leaves the wasm and its glue in `dir`, and nothing else; `env` is added to the environment in which cargo builds. */
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
  optimize(join(out, `${name}_bg.wasm`), join(out, `${name}_bg.js`));
  writeGlue(join(out, `${name}_bg.js`));
  writeInline(out);
  // The package has entries of its own: wasm-pack's works in bundlers only.
  const left = [`${name}.js`, `${name}_bg.wasm.d.ts`, ".gitignore", "snippets"];
  for (const file of left) rmSync(join(out, file), { recursive: true, force: true });
}

/**
 * wasm-bindgen's glue, with the package's own error class in place of the copy that wasm-bindgen made, and a promise in
 * place of `queueMicrotask`, each call of which costs workerd ten times as much.
 */
function writeGlue(file) {
  const replacements = [
    [/"?'?\.\/snippets\/[^'"]+\/error\.js'?"?/, '"../error.js"'],
    [/\bqueueMicrotask\((\w+)\)/, "Promise.resolve().then($1)"],
  ];
  let glue = readFileSync(file, "utf8");
  for (const [pattern, replacement] of replacements) {
    if (!pattern.test(glue)) fail(`scripts/build.js finds no ${pattern} in the glue.`);
    glue = glue.replace(pattern, replacement);
  }
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
