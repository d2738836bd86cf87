// npm run pack: builds, and leaves the tarball in pkg/.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { build } from "./build.js";
import { buildTools, fail, root, run } from "./tools.js";

const pkg = join(root, "pkg");

/** Gives the tarball's path. */
export function pack() {
  build();
  for (const file of readdirSync(pkg).filter((file) => file.endsWith(".tgz")))
    rmSync(join(pkg, file));
  run("wasm-pack", ["pack", "pkg"], { env: buildTools() });
  const { name, version } = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  const tarball = join(pkg, `${name}-${version}.tgz`);
  if (!existsSync(tarball)) fail(`wasm-pack left no ${tarball}.`);
  return tarball;
}

if (import.meta.filename === process.argv[1]) console.log(pack());
