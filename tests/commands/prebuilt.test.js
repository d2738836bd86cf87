// Tests where the build's tools come from: PATH, a prebuilt release (here from a local server), or
// the compiler.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { promisify } from "node:util";

import { installPrebuilt, versionOf } from "../../scripts/prebuilt.js";

const BINDGEN = {
  crate: "wasm-bindgen-cli",
  version: "0.2.130",
  binaries: ["wasm-bindgen", "wasm-bindgen-test-runner"],
};
const PACK = { crate: "wasm-pack", version: "0.15.1", binaries: ["wasm-pack"] };
const TOOLS = new URL("../../scripts/tools.js", import.meta.url).href;

const work = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-tools-"));
/** The server's answers by file name, without the target. */
let answers;
let server, github, paths, folder;

before(async () => {
  server = createServer((request, response) => {
    paths.push(request.url);
    const name = request.url
      .split("/")
      .at(-1)
      .replace(/(x86_64|aarch64)-[\w-]+/, "TARGET");
    const answer = answers[name] ?? ((response) => response.writeHead(404).end());
    if (typeof answer === "function") answer(response);
    else response.end(answer);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  github = `http://127.0.0.1:${server.address().port}`;
});
beforeEach(() => {
  [paths, answers, folder] = [[], {}, join(mkdtempSync(join(work, "cache-")), "tool")];
});
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(work, { recursive: true });
});

/** Creates a folder with programs that print `says` as their version. */
function programs(names, says) {
  const dir = mkdtempSync(join(work, "programs-"));
  for (const name of names) {
    writeFileSync(join(dir, name), `#!/bin/sh\necho "${name} ${says}"\n`);
    chmodSync(join(dir, name), 0o755);
  }
  return dir;
}

/** Creates an archive like those of the releases: the programs in one folder. */
function archive(names, says) {
  return execFileSync("tar", ["-czf", "-", "-C", work, basename(programs(names, says))]);
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

const install = (tool, limits) => installPrebuilt(tool, folder, { github, ...limits });

/** Publishes a release of wasm-bindgen, with a checksum. */
function publishBindgen(bytes, checksum = sha256(bytes)) {
  answers["wasm-bindgen-0.2.130-TARGET.tar.gz"] = bytes;
  answers["wasm-bindgen-0.2.130-TARGET.tar.gz.sha256sum"] = `${checksum}  gh-release/name.tar.gz\n`;
}

test("a release whose checksum matches is installed", async () => {
  publishBindgen(archive([...BINDGEN.binaries, "wasm2es6js"], "0.2.130 (a1b2c3d4e)"));
  await install(BINDGEN);
  assert.deepEqual(readdirSync(folder), ["bin"]);
  assert.deepEqual(readdirSync(join(folder, "bin")).sort(), BINDGEN.binaries);
  assert.equal(versionOf(join(folder, "bin", "wasm-bindgen")), "0.2.130");
  const release = "/wasm-bindgen/wasm-bindgen/releases/download/0.2.130/wasm-bindgen-0.2.130-";
  assert.ok(paths.every((path) => path.startsWith(release)) && paths.length === 2, paths.join());
});

test("wasm-pack is installed without a checksum, from a tag that starts with v", async () => {
  answers["wasm-pack-v0.15.1-TARGET.tar.gz"] = archive(PACK.binaries, "0.15.1");
  await install(PACK);
  assert.deepEqual(readdirSync(join(folder, "bin")), ["wasm-pack"]);
  assert.match(paths.join(), /^\/wasm-bindgen\/wasm-pack\/releases\/download\/v0\.15\.1\/[^,]+$/);
});

const good = () => archive(BINDGEN.binaries, "0.2.130");
const FAILURES = {
  "a wrong checksum": [() => publishBindgen(good(), sha256("another")), /checksum/],
  "an invalid checksum": [() => publishBindgen(good(), "<html>"), /checksum/],
  "no checksum": [() => (answers["wasm-bindgen-0.2.130-TARGET.tar.gz"] = good()), /404/],
  "no release": [() => {}, /404/],
  "a truncated archive": [() => publishBindgen(good().subarray(0, 150)), /tar cannot read/],
  "a file that is not an archive": [
    () => publishBindgen(Buffer.from("<html>sign in</html>")),
    /tar cannot/,
  ],
  "an archive without the program": [
    () => publishBindgen(archive(["wasm2es6js"], "0.2.130")),
    /has no wasm-bindgen/,
  ],
  "another version": [
    () => publishBindgen(archive(BINDGEN.binaries, "0.2.13")),
    /version is 0\.2\.13$/,
  ],
  "a program that does not run": [
    () => publishBindgen(archive(BINDGEN.binaries, '"; exit 1; "')),
    /version is unknown/,
  ],
  "a server that does not answer": [
    () => (answers["wasm-bindgen-0.2.130-TARGET.tar.gz"] = () => {}),
    /nothing within 300 ms/,
    { answerWithin: 300 },
  ],
  "a server that stops in the middle": [
    () => (answers["wasm-bindgen-0.2.130-TARGET.tar.gz"] = (response) => response.write("half")),
    /nothing within 500 ms/,
    { totalWithin: 500 },
  ],
  "a server that closes the connection": [
    () => (answers["wasm-bindgen-0.2.130-TARGET.tar.gz"] = (response) => response.socket.destroy()),
    /fetch failed/,
  ],
};

for (const [name, [publish, message, limits]] of Object.entries(FAILURES)) {
  test(`${name} is an error, and leaves no files`, async () => {
    publish();
    await assert.rejects(install(BINDGEN, limits), message);
    assert.deepEqual(readdirSync(join(folder, "..")), []);
  });
}

test("a tool without releases is an error before any request", async () => {
  const tool = { crate: "worker-build", version: "0.8.7", binaries: ["worker-build"] };
  await assert.rejects(install(tool), /there is no release for/);
  assert.deepEqual(paths, []);
});

/**
 * Requests wasm-pack 0.15.1 from scripts/tools.js, with an empty cache and a cargo that records its
 * arguments.
 */
async function ask(dirs = []) {
  const cache = mkdtempSync(join(work, "home-"));
  const cargo = programs([], "");
  const compiled = join(cache, "compiled");
  writeFileSync(join(cargo, "cargo"), `#!/bin/sh\necho "$*" > "${compiled}"\n`, { mode: 0o755 });
  const script = `
    const { cargoTool } = await import(${JSON.stringify(TOOLS)});
    console.log(cargoTool("wasm-pack", "wasm-pack", "0.15.1", ["--locked"]));`;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", script],
    {
      env: {
        ...process.env,
        PATH: [...dirs, cargo, "/usr/bin", "/bin"].join(delimiter),
        XDG_CACHE_HOME: cache,
        GITHUB_MIRROR: github,
        NO_PROXY: "127.0.0.1",
      },
    },
  );
  const cargoArguments = existsSync(compiled) ? readFileSync(compiled, "utf8").trim() : undefined;
  return {
    dir: stdout.trim(),
    cached: join(cache, "clerk-sign-in-tokens"),
    stderr,
    cargoArguments,
  };
}

test("a tool on PATH is used if its version matches exactly", async () => {
  answers["wasm-pack-v0.15.1-TARGET.tar.gz"] = archive(PACK.binaries, "0.15.1");
  const [older, longer] = ["0.15.0", "0.15.10"].map((version) => programs(PACK.binaries, version));
  const right = programs(PACK.binaries, "0.15.1");
  const { dir, stderr } = await ask([older, longer, right]);
  assert.deepEqual([dir, stderr, paths], [right, "", []]);
  const other = await ask([older, longer]);
  assert.equal(other.dir, join(other.cached, "wasm-pack-0.15.1", "bin"));
  assert.deepEqual([versionOf(join(other.dir, "wasm-pack")), paths.length], ["0.15.1", 1]);
  assert.equal(other.cargoArguments, undefined);
});

test("a tool without a release is compiled, and the reason is printed", async () => {
  const { dir, cached, stderr, cargoArguments } = await ask();
  const folder = join(cached, "wasm-pack-0.15.1");
  assert.equal(dir, join(folder, "bin"));
  assert.equal(cargoArguments, `install wasm-pack --version 0.15.1 --root ${folder} --locked`);
  assert.match(
    stderr,
    /404[^]*Compiling it \(once, about .+\)[^]*Compiled wasm-pack 0\.15\.1 in \d+ s/,
  );
});
