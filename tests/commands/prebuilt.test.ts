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
import { createServer, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { promisify } from "node:util";

import { installPrebuilt, versionOf } from "../../scripts/prebuilt.js";
import { listen } from "../support/listen.ts";

const BINDGEN = {
  crate: "wasm-bindgen-cli",
  version: "0.2.130",
  binaries: ["wasm-bindgen", "wasm-bindgen-test-runner"],
};
const PACK = { crate: "wasm-pack", version: "0.15.1", binaries: ["wasm-pack"] };
const TOOLS = new URL("../../scripts/tools.js", import.meta.url).href;
const RECORDED = JSON.parse(
  readFileSync(new URL("../../scripts/checksums.json", import.meta.url), "utf8"),
);

const work = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-tools-"));
type Answer = Buffer | ((response: ServerResponse) => unknown);

/** The server's answers by file name, without the target; the checksums of the archives. */
let answers: Record<string, Answer>, checksums: Record<string, string>;
let server: Server, github: string, paths: string[], folder: string;

before(async () => {
  server = createServer((request, response) => {
    const { url = "" } = request;
    paths.push(url);
    const name = url.replace(/^.*\//, "").replace(/(x86_64|aarch64)-[\w-]+/, "TARGET");
    const answer = answers[name] ?? ((response: ServerResponse) => response.writeHead(404).end());
    if (typeof answer === "function") answer(response);
    else response.end(answer);
  });
  github = `http://127.0.0.1:${await listen(server)}`;
});
beforeEach(() => {
  [paths, answers, checksums, folder] = [
    [],
    {},
    {},
    join(mkdtempSync(join(work, "cache-")), "tool"),
  ];
});
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(work, { recursive: true });
});

/** Creates a folder with programs that print `says` as their version. */
function programs(names: string[], says: string) {
  const dir = mkdtempSync(join(work, "programs-"));
  for (const name of names) {
    writeFileSync(join(dir, name), `#!/bin/sh\necho "${name} ${says}"\n`);
    chmodSync(join(dir, name), 0o755);
  }
  return dir;
}

/** Creates an archive like those of the releases: the programs in one folder. */
function archive(names: string[], says: string) {
  return execFileSync("tar", ["-czf", "-", "-C", work, basename(programs(names, says))]);
}

const sha256 = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");

const install = (tool: typeof BINDGEN, limits: object = {}) =>
  installPrebuilt(tool, folder, { github, checksums, ...limits });

/**
 * Publishes a release of wasm-bindgen, and records the checksum of its archive for every system.
 */
function publishBindgen(answer: Answer, checksum = sha256(answer as Buffer)) {
  answers["wasm-bindgen-0.2.130-TARGET.tar.gz"] = answer;
  checksums = new Proxy({}, { get: (_, name) => /^wasm-bindgen-/.test(String(name)) && checksum });
}

test("a release whose checksum matches is installed", async () => {
  publishBindgen(archive([...BINDGEN.binaries, "wasm2es6js"], "0.2.130 (a1b2c3d4e)"));
  await install(BINDGEN);
  assert.deepEqual(readdirSync(folder), ["bin"]);
  assert.deepEqual(readdirSync(join(folder, "bin")).sort(), BINDGEN.binaries);
  assert.equal(versionOf(join(folder, "bin", "wasm-bindgen")), "0.2.130");
  const release = "/wasm-bindgen/wasm-bindgen/releases/download/0.2.130/wasm-bindgen-0.2.130-";
  assert.ok(paths.length === 1 && paths[0].startsWith(release), paths.join());
});

test("wasm-pack is installed from a tag that starts with v", async () => {
  const bytes = archive(PACK.binaries, "0.15.1");
  answers["wasm-pack-v0.15.1-TARGET.tar.gz"] = bytes;
  checksums = new Proxy({}, { get: () => sha256(bytes) });
  await install(PACK);
  assert.deepEqual(readdirSync(join(folder, "bin")), ["wasm-pack"]);
  assert.match(paths.join(), /^\/wasm-bindgen\/wasm-pack\/releases\/download\/v0\.15\.1\/[^,]+$/);
});

const good = () => archive(BINDGEN.binaries, "0.2.130");
const FAILURES: Record<string, [publish: () => void, message: RegExp, limits?: object]> = {
  "a wrong checksum": [() => publishBindgen(good(), sha256("another")), /checksum/],
  "no release": [() => publishBindgen((response) => response.writeHead(404).end(), "any"), /404/],
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
    () => publishBindgen(() => {}, "any"),
    /nothing within 300 ms/,
    { answerWithin: 300 },
  ],
  "a server that stops in the middle": [
    () => publishBindgen((response) => response.write("half"), "any"),
    /nothing within 500 ms/,
    { totalWithin: 500 },
  ],
  "a server that closes the connection": [
    () => publishBindgen((response) => response.socket?.destroy(), "any"),
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

test("an archive without a checksum in the repository is refused before any request", async () => {
  answers["wasm-bindgen-0.2.130-TARGET.tar.gz"] = good();
  await assert.rejects(install(BINDGEN), /checksums\.json has no wasm-bindgen-0\.2\.130-/);
  assert.deepEqual([paths, readdirSync(join(folder, ".."))], [[], []]);
});

test("the checksums in the repository are SHA-256", () => {
  for (const [name, checksum] of Object.entries<string>(RECORDED))
    assert.match(checksum, /^[\da-f]{64}$/, name);
});

test("a tool without releases is an error before any request", async () => {
  const tool = { crate: "worker-build", version: "0.8.7", binaries: ["worker-build"] };
  await assert.rejects(install(tool), /there is no release for/);
  assert.deepEqual(paths, []);
});

/**
 * Requests a tool from scripts/tools.js, with an empty cache and a cargo that records its
 * arguments.
 */
async function ask(crate: string, dirs: string[] = []) {
  const cache = mkdtempSync(join(work, "home-"));
  const cargo = programs([], "");
  const compiled = join(cache, "compiled");
  writeFileSync(join(cargo, "cargo"), `#!/bin/sh\necho "$*" > "${compiled}"\n`, { mode: 0o755 });
  const script = `
    const { toolFolder } = await import(${JSON.stringify(TOOLS)});
    console.log(toolFolder("${crate}"));`;
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
  const [older, longer] = ["0.15.0", "0.15.10"].map((version) => programs(PACK.binaries, version));
  const right = programs(PACK.binaries, "0.15.1");
  const { dir, stderr } = await ask("wasm-pack", [older, longer, right]);
  assert.deepEqual([dir, stderr, paths], [right, "", []]);
  const other = await ask("wasm-pack", [older, longer]);
  assert.equal(other.dir, join(other.cached, "wasm-pack-0.15.1", "bin"));
  assert.match(String(other.cargoArguments), /^install wasm-pack --version 0\.15\.1 /);
});

test("a tool whose archive has another checksum is compiled, and says why", async () => {
  answers["cargo-deny-0.20.2-TARGET.tar.gz"] = archive(["cargo-deny"], "0.20.2");
  const { dir, cached, stderr, cargoArguments } = await ask("cargo-deny");
  const folder = join(cached, "cargo-deny-0.20.2");
  assert.equal(dir, join(folder, "bin"));
  assert.equal(paths.length, 1);
  const flags = `--version 0.20.2 --root ${folder} --debug --locked`;
  assert.equal(cargoArguments, `install cargo-deny ${flags}`);
  assert.match(
    stderr,
    /its checksum is not the one[^]*Compiling cargo-deny \(once, about .+\)[^]*Compiled cargo-deny 0\.20\.2 in \d+ s/,
  );
});
