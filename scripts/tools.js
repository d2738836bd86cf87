// Installs what the build needs and the machine lacks, each once: the wasm target, wasm-pack, wasm-bindgen.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const WASM_PACK = "0.15.1";
const WORKER_BUILD = "0.8.7";
const TARGET = "wasm32-unknown-unknown";

/** Runs a command to its end; one that fails ends this process, after its own output. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error?.code === "ENOENT") fail(`${command} is missing.`);
  if (error) throw error;
  if (status !== 0) fail(`${command} ${args.join(" ")} failed.`);
}

export function fail(message) {
  console.error(`\n${message}`);
  process.exit(1);
}

/** The environment in which wasm-pack finds all it needs. */
export function buildTools() {
  if (!succeeds("cargo", ["--version"]))
    fail("Rust is missing: install it with rustup (https://rustup.rs).");
  if (!existsSync(join(stdout("rustc", ["--print", "sysroot"]), "lib", "rustlib", TARGET))) {
    if (!succeeds("rustup", ["--version"]))
      fail(`Rust's target ${TARGET} is missing, and so is rustup to install it.`);
    run("rustup", ["target", "add", TARGET]);
  }
  // wasm-bindgen's own lock file does not build everywhere, wasm-pack's does.
  const dirs = [
    cargoTool("wasm-pack", "wasm-pack", WASM_PACK, ["--locked", "--debug"]),
    wasmBindgen(),
  ];
  return { ...process.env, PATH: [...dirs, process.env.PATH].join(delimiter) };
}

/** The environment in which worker-build finds all it needs, and downloads nothing. */
export function workerBuildTools() {
  const env = buildTools();
  const bin = (name) => join(root, "node_modules", ".bin", name);
  return {
    ...env,
    PATH: [
      cargoTool("worker-build", "worker-build", WORKER_BUILD, ["--locked", "--debug"]),
      env.PATH,
    ].join(delimiter),
    // Not the target folder itself: both builds leave the wasm of this crate under the same name.
    CARGO_TARGET_DIR: join(root, "target", "examples"),
    WASM_BINDGEN_BIN: join(wasmBindgen(), "wasm-bindgen"),
    WASM_OPT_BIN: bin("wasm-opt"),
    ESBUILD_BIN: bin("esbuild"),
  };
}

/** The folder that holds this version of a tool: one in the user's cache, shared by all clones of this repository. */
export function cargoTool(crate, binary, version, flags) {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "clerk-sign-in-tokens", `${crate}-${version}`);
  if (!existsSync(join(folder, "bin", binary))) {
    console.error(`Building ${crate} ${version} (once, a few minutes)…`);
    // Without optimization (--debug) a tool is built in a third of the time; only wasm-bindgen has much to compute.
    const env = { ...process.env, CARGO_PROFILE_DEV_DEBUG: "0" };
    run("cargo", ["install", crate, "--version", version, "--root", folder, ...flags], {
      cwd: homedir(),
      env,
    });
  }
  return join(folder, "bin");
}

/** The command has to be of the library's very version. */
function wasmBindgen() {
  return cargoTool("wasm-bindgen-cli", "wasm-bindgen", lockedVersion("wasm-bindgen"), []);
}

/** The version of a crate in Cargo.lock. */
function lockedVersion(crate) {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const [, version] =
    lock.match(new RegExp(`name = "${crate}"\nversion = "(.+)"`)) ??
    fail(`Cargo.lock has no ${crate}.`);
  return version;
}

export function succeeds(command, args) {
  return spawnSync(command, args, { cwd: root }).status === 0;
}

function stdout(command, args) {
  return spawnSync(command, args, { encoding: "utf8" }).stdout.trim();
}
