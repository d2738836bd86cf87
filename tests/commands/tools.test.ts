// Tests where the tools of the build come from: PATH, the cache of the user, or the compiler.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const TOOLS = new URL("../../scripts/tools.js", import.meta.url).href;
const makeFolder = () => mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-tools-"));

/** Creates a folder with a program. */
function folderWith(program: string, script: string) {
  const dir = makeFolder();
  writeFileSync(join(dir, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return dir;
}

const wasmPack = (version: string) => folderWith("wasm-pack", `echo "wasm-pack ${version}"`);

/** Requests wasm-pack from scripts/tools.js. Its cargo leaves its own arguments in the cache. */
async function request(dirs: string[], cache = makeFolder()) {
  const installed = join(cache, "clerk-sign-in-tokens", "wasm-pack-0.15.1");
  const cargo = folderWith(
    "cargo",
    `mkdir -p "${installed}/bin"; echo "$*" > "${installed}/bin/wasm-pack"`,
  );
  const script = `
    const { toolFolder } = await import(${JSON.stringify(TOOLS)});
    console.log(toolFolder("wasm-pack"));`;
  const PATH = [...dirs, cargo, "/usr/bin", "/bin"].join(delimiter);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", script],
    { env: { ...process.env, PATH, XDG_CACHE_HOME: cache } },
  );
  return { dir: stdout.trim(), stderr, cache, installed };
}

test("a tool on PATH is used if its version matches exactly", async () => {
  const right = wasmPack("0.15.1");
  const { dir, stderr, installed } = await request([
    wasmPack("0.15.0"),
    wasmPack("0.15.10"),
    right,
  ]);
  assert.deepEqual([dir, stderr, existsSync(installed)], [right, "", false]);
});

test("a tool of another version is compiled once, into the cache", async () => {
  const others = [wasmPack("0.15.0"), wasmPack("0.15.10")];
  const { dir, stderr, cache, installed } = await request(others);
  assert.equal(dir, join(installed, "bin"));
  assert.equal(
    readFileSync(join(dir, "wasm-pack"), "utf8").trim(),
    `install wasm-pack --version 0.15.1 --root ${installed} --debug --locked`,
  );
  assert.match(
    stderr,
    /Compiling wasm-pack \(once, about .+\)[^]*Compiled wasm-pack 0\.15\.1 in \d+ s/,
  );
  assert.deepEqual(await request(others, cache), { dir, stderr: "", cache, installed });
});
