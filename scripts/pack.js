// npm run pack: builds, and leaves the tarballs in pkg/: the package's, and that of its command.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { build } from "./build.js";
import { buildTools, fail, root, run } from "./tools.js";

const pkg = join(root, "pkg");

/** The hash of what the tarballs in pkg/ were made from. */
const STAMP = join(root, "target", "packed");

/** What the tarballs are made from, as far as git does not ignore it. */
const INPUTS = [
  "src",
  "pkg",
  "cli",
  "lists",
  "scripts/build.js",
  "scripts/optimize.js",
  "scripts/pack.js",
  "scripts/tools.js",
  "Cargo.toml",
  "Cargo.lock",
  "package-lock.json",
  "README.md",
  "LICENSE-*",
];

/**
 * Returns the path of the package's tarball. With `reuse`, the tarballs of the last time serve if nothing that they are made
 * from has changed. `env` is added to the environment in which cargo builds.
 */
export function pack({ reuse = false, env } = {}) {
  const [tarball, command] = [packageTarball(), commandTarball()];
  const inputs = hashInputs();
  if (reuse && inputs && [tarball, command, STAMP].every((file) => existsSync(file))) {
    if (readFileSync(STAMP, "utf8") === inputs) return tarball;
  }
  for (const file of readdirSync(pkg).filter((file) => file.endsWith(".tgz")))
    rmSync(join(pkg, file));
  build(env);
  run("wasm-pack", ["pack", "pkg"], { env: buildTools() });
  if (!existsSync(tarball)) fail(`wasm-pack left no ${tarball}.`);
  run("npm", ["pack", "./cli", "--silent", "--pack-destination", pkg], { stdio: ["ignore", 2, 2] });
  if (!existsSync(command)) fail(`npm left no ${command}.`);
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, inputs);
  return tarball;
}

/** The path of the package's tarball, once it is packed. */
export function packageTarball() {
  return tarballOf("pkg");
}

/** The path of the command's tarball, once it is packed. */
export function commandTarball() {
  return tarballOf("cli");
}

function tarballOf(dir) {
  const { name, version } = JSON.parse(readFileSync(join(root, dir, "package.json"), "utf8"));
  return join(pkg, `${name}-${version}.tgz`);
}

/** The hash of the inputs' names and contents; empty outside a git repository. */
function hashInputs() {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...INPUTS];
  const { status, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  if (status !== 0) return "";
  const hash = createHash("sha256");
  const files = stdout.split("\0").filter((file) => file && existsSync(join(root, file)));
  for (const file of files.sort()) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

if (import.meta.filename === process.argv[1]) console.log(pack());
