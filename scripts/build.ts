// npm run build: pkg/ ready to publish.
import {
  chmodSync,
  copyFileSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

import { buildSync, transformSync } from "esbuild";
import ts from "typescript";

import { optimize } from "./optimize.ts";
import { buildTools, fail, root, run, withCfg } from "./tools.js";

const name = "clerk_sign_in_tokens";

/** The documentation of the methods that wasm-bindgen adds to the class. */
const FREE = `/**
     * Drops the options and with them the key. Calls in flight continue; later ones fail with
     * \`invalid_argument\`. Rarely needed: a client that is no longer used is collected like any
     * object. Where the runtime has no FinalizationRegistry (Workers with a compatibility date
     * before 2025-05-05), each client stays in memory until it is freed: make one for each isolate.
     */
    `;
const DISPOSE = `/** The same as {@link SignInTokens.free}, for \`using\`. */
    `;

/**
 * The error of the inlined wasm in a runtime that does not compile it from bytes, and needs another
 * entry.
 */
const NOT_COMPILED =
  "clerk-sign-in-tokens: this runtime does not compile WebAssembly from bytes. In a Cloudflare " +
  "Worker, the bundler took the entry for Node: let it resolve the package with the condition " +
  '"workerd" (Next.js with OpenNext: serverExternalPackages: ["clerk-sign-in-tokens"]; ' +
  "SvelteKit: no ssr.noExternal for it). In a page, the " +
  "Content-Security-Policy needs 'wasm-unsafe-eval'.";

/** The files that are only used as ES modules. */
const ES_ONLY = ["workerd.js", "edge-light.js"];

/**
 * Builds the package and the command.
 *
 * @param env is added to cargo's environment
 */
export function build(env?: NodeJS.ProcessEnv) {
  buildWasm("pkg/wasm", { env });
  writeTypes();
  compileSources();
  copyTexts("pkg", /^(LICENSE|README)/);
  writeCommonJs();
  buildCommand();
}

/**
 * Builds the package of the command: one file, which contains the libraries that only the command
 * needs.
 */
function buildCommand() {
  const dir = join(root, "cli");
  rmSync(join(dir, "dist"), { recursive: true, force: true });
  const { metafile } = buildSync({
    metafile: true,
    absWorkingDir: root,
    entryPoints: [join(dir, "main.ts")],
    outdir: join(dir, "dist"),
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["clerk-sign-in-tokens"],
    legalComments: "inline",
    // The CommonJS libraries load Node's modules with require().
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
    },
  });
  chmodSync(join(dir, "dist", "main.js"), 0o755);
  copyTexts("cli", /^LICENSE/);
  writeFileSync(join(dir, "LICENSE-THIRD-PARTY"), licensesOf(Object.keys(metafile.inputs)));
}

/**
 * Returns the licences of the bundled libraries.
 *
 * @param paths of the bundled files
 */
function licensesOf(paths: string[]) {
  const dirs = new Set(
    paths.flatMap((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []),
  );
  const licenses = [...dirs].map((dir) => {
    const { name, license, author } = JSON.parse(
      readFileSync(join(root, dir, "package.json"), "utf8"),
    );
    const file = readdirSync(join(root, dir)).find((entry) => /^licen[sc]e/i.test(entry));
    if (!file && !license) fail(`${name} has no licence.`);
    // Some libraries have only the licence's name.
    const text = file
      ? readFileSync(join(root, dir, file), "utf8").trim()
      : `${license}, ${author}`;
    return `${name}\n\n${text}\n`;
  });
  return `dist/main.js contains these libraries.\n\n${licenses.sort().join("\n---\n\n")}`;
}

/**
 * Copies files from the root of the workspace into `dir`.
 *
 * @param name matches their names
 */
function copyTexts(dir: string, name: RegExp) {
  for (const file of readdirSync(root).filter((file) => name.test(file)))
    copyFileSync(join(root, file), join(root, dir, file));
}

/**
 * Builds the wasm and its glue into `dir`, and nothing else.
 *
 * @param options.env is added to cargo's environment
 * @param options.testPanic lets the tests cause a panic inside the wasm
 */
export function buildWasm(
  dir: string,
  { env, testPanic }: { env?: NodeJS.ProcessEnv; testPanic?: boolean },
) {
  const out = join(root, dir);
  const cfgs = testPanic ? ["npm_package", "test_panic"] : ["npm_package"];
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
      "--locked",
    ],
    { env: withCfg({ ...buildTools(), ...env }, ...cfgs) },
  );
  const traps = optimize(join(out, `${name}_bg.wasm`), join(out, `${name}_bg.js`));
  // For tests/package/traps.test.ts.
  if (!testPanic) writeFileSync(join(root, "target", "traps.txt"), `${traps.join("\n")}\n`);
  minifyGlue(join(out, `${name}_bg.js`));
  writeInline(out);
  // The package has its own entries: wasm-pack's works only in bundlers.
  const left = [`${name}.js`, `${name}_bg.wasm.d.ts`, ".gitignore", "snippets"];
  for (const file of left) rmSync(join(out, file), { recursive: true, force: true });
}

/**
 * Minifies the glue. It is not meant to be read, and many bundles are deployed without
 * minification.
 */
function minifyGlue(file: string) {
  const glue = readFileSync(file, "utf8");
  const { code } = transformSync(glue, { minify: true, format: "esm", target: "es2022" });
  writeFileSync(
    file,
    `// Made by wasm-bindgen and scripts/glue.ts, minified by scripts/build.ts.\n${code}`,
  );
}

/** Writes the package's types. Those of the class come from its doc comments in Rust. */
function writeTypes() {
  const made = join(root, "pkg", "wasm", `${name}.d.ts`);
  const types = readFileSync(made, "utf8")
    // wasm-bindgen does not know the type of a JavaScript class; types.d.ts has it.
    .replace("export let SignInTokensError: unknown;", "")
    .replace("free(): void;", `${FREE}free(): void;`)
    .replace("[Symbol.dispose](): void;", `${DISPOSE}[Symbol.dispose](): void;`);
  const header =
    "// Made by scripts/build.ts: src/js/types.d.ts, and the doc comments of src/js/class.rs.\n";
  writeFileSync(join(root, "pkg", "index.d.ts"), `${header}${types}`);
  rmSync(made);
}

/** How pkg/src is compiled; pkg/tsconfig.json says how it is checked. */
const COMPILED: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  rewriteRelativeImportExtensions: true,
  target: ts.ScriptTarget.ESNext,
};

/** The entries whose types come from their own source. */
const TYPED = ["bulk.ts", "testing.ts"];

/** TypeScript drops blank lines, but not this comment in their place. */
const BLANK = "/**~*/";

/** Writes pkg/src into pkg/ as JavaScript, with the types of entries. */
function compileSources() {
  const pkg = join(root, "pkg");
  const written: string[] = [];
  const write = (file: string, text: string) => {
    mkdirSync(join(pkg, dirname(file)), { recursive: true });
    writeFileSync(join(pkg, file), text.replaceAll(BLANK, ""));
    written.push(join(pkg, file));
  };
  for (const file of globSync("**/*.{js,ts}", { cwd: join(pkg, "src") })) {
    const source = readFileSync(join(pkg, "src", file), "utf8");
    if (file.endsWith(".js")) {
      write(file, source);
      continue;
    }
    const marked = source.replaceAll("\n\n", `\n\n${BLANK}\n`);
    const options = { fileName: file, compilerOptions: COMPILED, reportDiagnostics: true };
    write(file.replace(/ts$/, "js"), textOf(ts.transpileModule(marked, options)));
    if (!TYPED.includes(file)) continue;
    const types = textOf(ts.transpileDeclaration(marked, options));
    write(file.replace(/ts$/, "d.ts"), types.replaceAll('"clerk-sign-in-tokens"', '"./index.js"'));
  }
  // Prettier ignores what Git ignores, unless it is told not to.
  run("prettier", ["--write", "--log-level", "warn", "--ignore-path", "", ...written]);
}

/** Returns what TypeScript wrote. An export without a type has no declaration of its own. */
function textOf({ outputText, diagnostics = [] }: ts.TranspileOutput) {
  const [problem] = diagnostics;
  if (problem)
    fail(`${problem.file?.fileName}: ${ts.flattenDiagnosticMessageText(problem.messageText, " ")}`);
  return outputText;
}

/** Writes the wasm as a JavaScript module, for runtimes that can compile it from bytes. */
function writeInline(dir: string) {
  const base64 = readFileSync(join(dir, `${name}_bg.wasm`)).toString("base64");
  writeFileSync(
    join(dir, "inline.js"),
    `// Made by scripts/build.ts: ${name}_bg.wasm, compiled from its bytes.
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
 * Writes the package as CommonJS, file by file, so that its entries share one copy of the classes.
 * The folder has its own package.json, since Node uses the nearest one.
 */
function writeCommonJs() {
  const [from, to] = [join(root, "pkg"), join(root, "pkg", "cjs")];
  rmSync(to, { recursive: true, force: true });
  const isPart = (file: string) => /(?<!^src.*)\.(js|d\.ts)$/.test(file) && !ES_ONLY.includes(file);
  for (const file of readdirSync(from, { recursive: true, encoding: "utf8" }).filter(isPart)) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    const source = readFileSync(join(from, file), "utf8");
    writeFileSync(join(to, file), file.endsWith(".d.ts") ? source : toCommonJs(file, source));
  }
  writeFileSync(join(to, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
}

function toCommonJs(file: string, source: string) {
  const minify = file.startsWith("wasm/");
  return transformSync(source, { minify, format: "cjs", platform: "node", target: "es2022" }).code;
}

if (import.meta.filename === process.argv[1]) build();
