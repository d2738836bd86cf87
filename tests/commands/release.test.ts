// Tests what npm run release refuses, and what the workflow that publishes may do.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { parse } from "yaml";

import { missingToPublish, versionProblems } from "../../scripts/manifests.ts";
import { root } from "../../scripts/tools.js";
import { app } from "../support/app.ts";

/** Copies `files` of the workspace into a new folder. Returns its path. */
function copyOf(files: string[]) {
  const dir = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-release-"));
  for (const file of files) {
    mkdirSync(join(dir, file, ".."), { recursive: true });
    cpSync(join(root, file), join(dir, file));
  }
  return dir;
}

const MANIFESTS = ["Cargo.toml", "CHANGELOG.md", "cli/package.json", "pkg/package.json"];

test("a release needs its day, and one repository in all manifests", () => {
  const dir = copyOf(MANIFESTS);
  const edit = (file: string, change: (text: string) => string) =>
    writeFileSync(join(dir, file), change(readFileSync(join(dir, file), "utf8")));
  const setRepository = (folder: string, url: string, directory?: string) =>
    edit(`${folder}/package.json`, (text) =>
      JSON.stringify({ ...JSON.parse(text), repository: { type: "git", url, directory } }),
    );
  edit("CHANGELOG.md", (text) => text.replace(/\(.*\)/, "(unreleased)"));
  edit("Cargo.toml", (text) => text.replace(/^repository = .*\n/m, ""));
  assert.match(missingToPublish(dir).join("\n"), /^Cargo\.toml needs .*\n.*"unreleased" where/);

  edit("CHANGELOG.md", (text) => text.replace("(unreleased)", "(2026-11-28)"));
  const address = "https://github.com/owner/name";
  edit("Cargo.toml", (text) => text.replace(/^license = .*\n/m, `$&repository = "${address}"\n`));
  setRepository("pkg", `git+${address}.git`);
  setRepository("cli", `git+https://github.com/other/name.git`, "cli");
  const url = `{"type":"git","url":"git+${address}.git","directory":"cli"}`;
  assert.deepEqual(missingToPublish(dir), [`cli/package.json needs "repository": ${url}`]);
  setRepository("cli", `git+${address}.git`, "cli");
  assert.deepEqual(missingToPublish(dir), []);
});

test("a version that differs is named", () => {
  const dir = copyOf([...MANIFESTS, "Cargo.lock"]);
  // Uses the installed one: another test rebuilds the workspace's.
  const wasm = join("wasm", "clerk_sign_in_tokens_bg.wasm");
  cpSync(join(app, "node_modules", "clerk-sign-in-tokens", wasm), join(dir, "pkg", wasm));
  assert.deepEqual(versionProblems(dir), []);

  const manifest = readFileSync(join(dir, "pkg/package.json"), "utf8");
  writeFileSync(
    join(dir, "pkg/package.json"),
    manifest.replace(/"version": ".*"/, '"version": "9.9.9"'),
  );
  const places = versionProblems(dir).map((problem) => problem.match(/9\.9\.9, (.*) has/)?.[1]);
  assert.deepEqual(places, [
    "Cargo.toml",
    "Cargo.lock",
    "CHANGELOG.md",
    "cli/package.json",
    "cli/package.json's dependency",
    "the built User-Agent",
  ]);
});

test("the crate contains each file that its sources import", () => {
  const list = ["package", "--list", "--allow-dirty", "--locked"];
  const files = execFileSync("cargo", list, { cwd: root, encoding: "utf8" }).split("\n");
  const imported = globSync("src/**/*.rs", { cwd: root }).flatMap((file) =>
    [
      ...readFileSync(join(root, file), "utf8").matchAll(/(?:module = |include_str!\()"([^"]+)"/g),
    ].map(([, path]) => (path.startsWith("/") ? path.slice(1) : join(dirname(file), path))),
  );
  assert.ok(imported.length > 0);
  for (const file of imported) assert.ok(files.includes(file), file);
});

interface Job {
  permissions?: object;
  steps: { run?: string; uses: string }[];
}

test("the workflow gives a token only to a job that runs no code of a dependency", () => {
  const text = readFileSync(join(root, ".github", "workflows", "release.yml"), "utf8");
  assert.doesNotMatch(text, /secrets\./);
  const { permissions, jobs } = parse(text);
  assert.deepEqual(permissions, { contents: "read" });
  const [job, ...others] = Object.values<Job>(jobs).filter(({ permissions }) => permissions);
  assert.deepEqual(others, []);
  const allowed =
    /^(npm publish --ignore-scripts --access public \.\/packages\/\S+\.tgz|cargo publish --locked --no-verify|rustup toolchain install)$/;
  for (const { run, uses } of job.steps) {
    if (run) assert.match(run, allowed);
    else assert.match(uses, /@[0-9a-f]{40}$/, "a tag can be moved");
  }
});
