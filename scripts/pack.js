// npm run pack: builds, and leaves the tarball in pkg/.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { build } from "./build.js";
import { buildTools, fail, root, run } from "./tools.js";

const pkg = join(root, "pkg");

/** The hash of what the tarball in pkg/ was made from. */
const STAMP = join(root, "target", "packed");

/** What the tarball is made from, as far as git does not ignore it. */
const INPUTS = [
  "src",
  "pkg",
  "cli",
  "lists",
  "scripts/build.js",
  "scripts/pack.js",
  "scripts/tools.js",
  "Cargo.toml",
  "Cargo.lock",
  "package-lock.json",
  "README.md",
  "LICENSE-*",
];

/** Returns the tarball's path. With `reuse`, the tarball of the last time serves if nothing that it is made from has changed. */
export function pack({ reuse = false } = {}) {
  const { name, version } = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  const tarball = join(pkg, `${name}-${version}.tgz`);
  const inputs = hashInputs();
  if (reuse && inputs && existsSync(tarball) && existsSync(STAMP)) {
    if (readFileSync(STAMP, "utf8") === inputs) return tarball;
  }
  for (const file of readdirSync(pkg).filter((file) => file.endsWith(".tgz")))
    rmSync(join(pkg, file));
  build();
  run("wasm-pack", ["pack", "pkg"], { env: buildTools() });
  if (!existsSync(tarball)) fail(`wasm-pack left no ${tarball}.`);
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, inputs);
  return tarball;
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
