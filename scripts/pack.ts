// npm run pack: builds, and packs the package and its command into tarballs in pkg/.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { build } from "./build.ts";
import { buildTools, fail, root, run } from "./tools.js";

const pkg = join(root, "pkg");

/** The file with the hash of the sources of the tarballs in pkg/. */
const STAMP = join(root, "target", "packed");

/** The sources of the tarballs, without those that git ignores. */
const INPUTS = [
  "src",
  "pkg",
  "cli",
  "lists",
  "scripts/build.ts",
  "scripts/glue.ts",
  "scripts/optimize.ts",
  "scripts/pack.ts",
  "scripts/tools.js",
  "Cargo.toml",
  "Cargo.lock",
  "package-lock.json",
  "README.md",
  "LICENSE-*",
];

/** Builds and packs. Returns the path of the package's tarball. */
export function pack({
  reuse = false,
  env,
}: {
  /** Keeps the last tarballs if their sources have not changed. */
  reuse?: boolean;

  /** Is added to cargo's environment. */
  env?: NodeJS.ProcessEnv;
} = {}) {
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

/** Returns the path of the package's tarball. */
export function packageTarball() {
  return tarballOf("pkg");
}

/** Returns the path of the command's tarball. */
export function commandTarball() {
  return tarballOf("cli");
}

function tarballOf(dir: string) {
  const { name, version } = JSON.parse(readFileSync(join(root, dir, "package.json"), "utf8"));
  return join(pkg, `${name}-${version}.tgz`);
}

/** Returns a hash of the sources' names and contents; empty outside a git repository. */
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
