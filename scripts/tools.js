// Finds the tools that the build needs, and installs the missing ones once. As a program: node
// tools.js CRATE
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** The tools of every build. */
export const BUILD = ["wasm-pack", "wasm-bindgen-cli"];

/**
 * The tools, by crate: the version, the flags of `cargo install`, and the programs that are needed.
 *
 * @type {Record<string, { version: string, flags?: string[], binaries?: string[] }>}
 */
const TOOLS = {
  "wasm-pack": { version: "0.15.1" },
  // The library's version. Its own lock file does not build everywhere; its default features are
  // TLS, for a browser's driver on another machine.
  "wasm-bindgen-cli": {
    version: lockedVersion("wasm-bindgen"),
    flags: ["--no-default-features"],
    binaries: ["wasm-bindgen", "wasm-bindgen-test-runner"],
  },
  "worker-build": { version: "0.8.7" },
  "cargo-deny": { version: "0.20.2" },
};

/**
 * Runs a command to its end. If the command fails, ends this process, after the command's output.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnSyncOptions} [options]
 */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error && "code" in error && error.code === "ENOENT") fail(`${command} is missing.`);
  if (error) throw error;
  if (status !== 0) fail(`${command} ${args.join(" ")} failed.`);
}

/**
 * @param {string} message
 * @returns {never}
 */
export function fail(message) {
  console.error(`\n${message}`);
  process.exit(1);
}

/** Returns the environment in which wasm-pack finds all tools. */
export function buildTools() {
  requireRust();
  const dirs = BUILD.map(toolFolder);
  return { ...process.env, PATH: [...dirs, process.env.PATH].join(delimiter) };
}

/**
 * Adds to an environment the crate's `cfg`s: `npm_package` for the class, which a feature could
 * not keep to this build, and `test_panic`, which lets the tests cause a panic inside the wasm.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} names
 */
export function withCfg(env, ...names) {
  const flags = [env.RUSTFLAGS, ...names.map((name) => `--cfg ${name}`)];
  return { ...env, RUSTFLAGS: flags.filter(Boolean).join(" ") };
}

/**
 * The first call of cargo lets rustup install the compiler that rust-toolchain.toml names, with its
 * target.
 */
function requireRust() {
  if (!succeeds("cargo", ["--version"]))
    fail("Rust is missing: install it with rustup (https://rustup.rs).");
}

/** Returns the environment in which worker-build finds all tools, and downloads nothing. */
export function workerBuildTools() {
  const env = buildTools();
  const bin = (/** @type {string} */ name) => join(root, "node_modules", ".bin", name);
  return {
    ...env,
    PATH: [toolFolder("worker-build"), env.PATH].join(delimiter),
    // Not the target folder itself: both builds leave the wasm of this crate under the same name.
    CARGO_TARGET_DIR: join(root, "target", "examples"),
    WASM_BINDGEN_BIN: join(toolFolder("wasm-bindgen-cli"), "wasm-bindgen"),
    WASM_OPT_BIN: bin("wasm-opt"),
    ESBUILD_BIN: bin("esbuild"),
  };
}

/**
 * Returns the folder with exactly the right version of a tool: one on PATH, or one in the
 * user's cache, which all clones of this repository share. A tool in neither is compiled.
 *
 * @param {string} crate
 */
export function toolFolder(crate) {
  const { version, flags = ["--locked"], binaries = [crate] } = TOOLS[crate];
  const installed = onPath(binaries, version);
  if (installed) return installed;
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "clerk-sign-in-tokens", `${crate}-${version}`);
  if (!hasAll(join(folder, "bin"), binaries)) compileTool(crate, version, folder, flags);
  return join(folder, "bin");
}

/**
 * @param {string[]} binaries
 * @param {string} version
 */
function onPath(binaries, version) {
  const dirs = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((dir) => dir && hasAll(dir, binaries));
  return dirs.find((dir) => versionOf(join(dir, binaries[0])) === version);
}

/**
 * @param {string} dir
 * @param {string[]} binaries
 */
const hasAll = (dir, binaries) => binaries.every((binary) => existsSync(join(dir, binary)));

/**
 * Returns the version of the program in `file`; undefined if it does not run.
 *
 * @param {string} file
 */
function versionOf(file) {
  const { stdout } = spawnSync(file, ["--version"], { encoding: "utf8", timeout: 10_000 });
  return stdout?.match(/\d+\.\d+\.\d+\S*/)?.[0];
}

/**
 * @param {string} crate
 * @param {string} version
 * @param {string} folder
 * @param {string[]} flags
 */
function compileTool(crate, version, folder, flags) {
  console.error(`Compiling ${crate} (once, about 1 to 4 minutes)…`);
  const start = Date.now();
  // Without optimization (--debug) a tool builds in a third of the time, and is fast enough here.
  const env = { ...process.env, CARGO_PROFILE_DEV_DEBUG: "0" };
  const args = ["install", crate, "--version", version, "--root", folder, "--debug", ...flags];
  run("cargo", args, { env });
  console.error(`Compiled ${crate} ${version} in ${Math.round((Date.now() - start) / 1000)} s.`);
}

/**
 * Returns the version of a crate in Cargo.lock.
 *
 * @param {string} crate
 */
function lockedVersion(crate) {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const [, version] =
    lock.match(new RegExp(`name = "${crate}"\nversion = "(.+)"`)) ??
    fail(`Cargo.lock has no ${crate}.`);
  return version;
}

/**
 * @param {string} command
 * @param {string[]} args
 */
export function succeeds(command, args) {
  return spawnSync(command, args, { cwd: root }).status === 0;
}

/**
 * Installs tools side by side.
 *
 * @param {string[]} crates
 */
export async function installTools(crates) {
  requireRust();
  const children = crates.map((crate) =>
    spawn(process.execPath, [import.meta.filename, crate], { stdio: ["ignore", 2, 2] }),
  );
  const ends = await Promise.all(children.map((child) => once(child, "exit")));
  if (ends.some(([status]) => status !== 0)) fail("A tool could not be installed.");
}

if (import.meta.filename === process.argv[1]) toolFolder(process.argv[2]);
