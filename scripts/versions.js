// Checks the version, which is written in several places.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Returns the places with another version. For publishing, the changelog must also have the day of the release.
 *
 * @param {string} dir
 */
export function versionProblems(dir, { isPublishing = false } = {}) {
  const read = (/** @type {string} */ file) => readFileSync(join(dir, file), "utf8");
  const { version } = JSON.parse(read("pkg/package.json"));
  const [, crate] = read("Cargo.toml").match(/^version = "(.+)"/m) ?? [];
  const [, locked] =
    read("Cargo.lock").match(/name = "clerk-sign-in-tokens"\nversion = "(.+)"/) ?? [];
  const [, logged, day] = read("CHANGELOG.md").match(/^## (\S+) \((.+)\)/m) ?? [];
  const command = JSON.parse(read("cli/package.json"));
  const wasm = readFileSync(join(dir, "pkg/wasm/clerk_sign_in_tokens_bg.wasm"), "latin1");
  const [, sent] = wasm.match(/clerk-sign-in-tokens@(\d+\.\d+\.\d+(?:-[\w.]+)?)/) ?? [];
  const found = {
    "Cargo.toml": crate,
    "Cargo.lock": locked,
    "CHANGELOG.md": logged,
    "cli/package.json": command.version,
    "cli/package.json's dependency": command.dependencies["clerk-sign-in-tokens"].replace("^", ""),
    "the built User-Agent": sent,
  };
  const problems = Object.entries(found)
    .filter(([, other]) => !other?.startsWith(version))
    .map(([place, other]) => `pkg/package.json has version ${version}, ${place} has ${other}`);
  if (isPublishing && !/^\d{4}-\d\d-\d\d$/.test(String(day)))
    problems.push(`CHANGELOG.md says "${day}" where it needs the day of the release`);
  return problems;
}
