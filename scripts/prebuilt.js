// Installs a prebuilt tool from the release of its project. This takes seconds; to compile the tool
// takes minutes. The checksums stand in this repository, not beside the release: whoever could
// replace an archive there could replace its checksum too. As a program: node prebuilt.js CRATE
// VERSION FOLDER BINARY…
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { dirname, join } from "node:path";

/**
 * The releases on GitHub: an archive is `${name}-${tag}-${target}.tar.gz`.
 *
 * @type {Record<string, { repository: string, name?: string, tag?: (version: string) => string }>}
 */
const RELEASES = {
  "wasm-bindgen-cli": { repository: "wasm-bindgen/wasm-bindgen", name: "wasm-bindgen" },
  "wasm-pack": { repository: "wasm-bindgen/wasm-pack", tag: (version) => `v${version}` },
  "cargo-deny": { repository: "EmbarkStudios/cargo-deny" },
};

/**
 * The SHA-256 of each archive, by its name.
 *
 * @type {Record<string, string>}
 */
const CHECKSUMS = JSON.parse(readFileSync(new URL("checksums.json", import.meta.url), "utf8"));

/** @type {Record<string, string>} */
const TARGETS = {
  "linux-x64": "x86_64-unknown-linux-musl",
  "linux-arm64": "aarch64-unknown-linux-musl",
  "darwin-x64": "x86_64-apple-darwin",
  "darwin-arm64": "aarch64-apple-darwin",
};

const PLATFORM = `${process.platform}-${process.arch}`;

/**
 * Returns the version of the program in `file`; undefined if it does not run.
 *
 * @param {string} file
 */
export function versionOf(file) {
  const { stdout } = spawnSync(file, ["--version"], { encoding: "utf8", timeout: 10_000 });
  return stdout?.match(/\d+\.\d+\.\d+\S*/)?.[0];
}

/**
 * Installs the binaries of a crate into the folder `bin` of `folder`. Leaves no files if it fails.
 *
 * @param {{ crate: string, version: string, binaries: string[] }} tool
 * @param {string} folder
 * @param {{ github?: string, checksums?: Record<string, string> } & Partial<Limits>} [options]
 *   `github` is the address of the releases
 * @throws {Error} why it failed
 */
export async function installPrebuilt(
  { crate, version, binaries },
  folder,
  {
    github = "https://github.com",
    checksums = CHECKSUMS,
    answerWithin = 10_000,
    totalWithin = 60_000,
  } = {},
) {
  const { folder: release, file } = archiveOf(crate, version);
  const checksum = checksums[file];
  if (!checksum) throw new Error(`scripts/checksums.json has no ${file}`);
  const archive = await download(`${github}/${release}/${file}`, { answerWithin, totalWithin });
  if (createHash("sha256").update(archive).digest("hex") !== checksum)
    throw new Error("its checksum is not the one in scripts/checksums.json");
  mkdirSync(dirname(folder), { recursive: true });
  const work = mkdtempSync(`${folder}-`);
  try {
    extract(archive, binaries, work);
    const found = versionOf(join(work, "bin", binaries[0]));
    if (found !== version) throw new Error(`its version is ${found ?? "unknown"}`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Returns the folder of a release on GitHub, and the name of this system's archive in it.
 *
 * @param {string} crate
 * @param {string} version
 */
function archiveOf(crate, version) {
  const release = RELEASES[crate];
  const target = TARGETS[PLATFORM];
  if (!release || !target) throw new Error(`there is no release for ${PLATFORM}`);
  const { repository, name = crate, tag = String } = release;
  return {
    folder: `${repository}/releases/download/${tag(version)}`,
    file: `${name}-${tag(version)}-${target}.tar.gz`,
  };
}

/**
 * @typedef {{ answerWithin: number, totalWithin: number }} Limits of a download, in milliseconds
 */

/**
 * @param {string} url
 * @param {Limits} limits
 */
async function download(url, { answerWithin, totalWithin }) {
  const controller = new AbortController();
  const abortAfter = (/** @type {number} */ ms) =>
    setTimeout(() => controller.abort(new Error(`${url}: nothing within ${ms} ms`)), ms);
  const timers = [abortAfter(answerWithin), abortAfter(totalWithin)];
  try {
    const response = await fetch(url, { signal: controller.signal });
    clearTimeout(timers[0]);
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

/**
 * Extracts only the binaries, from anywhere in the archive, into the folder `bin` of `dir`.
 *
 * @param {Buffer} archive
 * @param {string[]} binaries
 * @param {string} dir
 */
function extract(archive, binaries, dir) {
  const contents = join(dir, "archive");
  mkdirSync(contents);
  mkdirSync(join(dir, "bin"));
  const { status } = spawnSync("tar", ["-xzf", "-"], { cwd: contents, input: archive });
  if (status !== 0) throw new Error("tar cannot read it");
  const files = readdirSync(contents, { recursive: true, withFileTypes: true });
  for (const binary of binaries) {
    const file = files.find((entry) => entry.isFile() && entry.name === binary);
    if (!file) throw new Error(`it has no ${binary}`);
    renameSync(join(file.parentPath, binary), join(dir, "bin", binary));
    chmodSync(join(dir, "bin", binary), 0o755);
  }
  rmSync(contents, { recursive: true });
}

if (import.meta.filename === process.argv[1]) {
  const [crate, version, folder, ...binaries] = process.argv.slice(2);
  try {
    const github = process.env.GITHUB_MIRROR;
    await installPrebuilt({ crate, version, binaries }, folder, { github });
  } catch (error) {
    const { cause, message } = /** @type {Error} */ (error);
    console.error(cause instanceof Error ? cause.message : message);
    process.exitCode = 1;
  }
}
