// Tests what npm run release refuses, and what the workflow that publishes may do.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";

import { parse } from "yaml";

import {
  repositoryOf,
  repositoryProblems,
  setRepository,
  withAbsoluteLinks,
} from "../../scripts/repository.js";
import { root } from "../../scripts/tools.js";
import { versionProblems } from "../../scripts/versions.js";
import { app } from "../support/app.js";

/** Copies `files` of the workspace into a new folder. Returns its path. */
function copyOf(files) {
  const dir = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-release-"));
  for (const file of files) {
    mkdirSync(join(dir, file, ".."), { recursive: true });
    cpSync(join(root, file), join(dir, file));
  }
  return dir;
}

describe("the repository's address", () => {
  const ADDRESS = "https://github.com/owner/name";
  const bare = () => {
    const dir = copyOf(["Cargo.toml", "pkg/package.json", "cli/package.json"]);
    const cargo = readFileSync(join(dir, "Cargo.toml"), "utf8").replace(/^repository = .*\n/m, "");
    writeFileSync(join(dir, "Cargo.toml"), cargo);
    return dir;
  };

  test("is required", () => {
    assert.match(
      String(repositoryProblems(bare())),
      /no repository; run: npm run release -- --rep/,
    );
  });

  test("is written once into all three manifests, and can be replaced", () => {
    const dir = bare();
    for (const address of ["https://github.com/other/place", ADDRESS]) {
      setRepository(dir, address);
      assert.deepEqual([repositoryOf(dir), repositoryProblems(dir, "")], [address, []]);
    }
    for (const folder of ["pkg", "cli"]) {
      const { repository, homepage, bugs } = JSON.parse(
        readFileSync(join(dir, folder, "package.json"), "utf8"),
      );
      assert.deepEqual(
        [repository.url, repository.directory, homepage, bugs.url],
        [`git+${ADDRESS}.git`, folder, `${ADDRESS}#readme`, `${ADDRESS}/issues`],
      );
    }
    assert.equal(readFileSync(join(dir, "Cargo.toml"), "utf8").match(/^repository/gm).length, 1);
  });

  test("is refused if a manifest or the publishing workflow has another one", () => {
    const dir = bare();
    setRepository(dir, ADDRESS);
    assert.deepEqual(repositoryProblems(dir, "owner/name"), []);
    assert.match(String(repositoryProblems(dir, "fork/name")), /fork\/name is publishing/);
    for (const file of ["pkg/package.json", "cli/package.json"]) {
      const manifest = readFileSync(join(dir, file), "utf8");
      writeFileSync(join(dir, file), manifest.replace("#readme", ""));
      const [problem, ...others] = repositoryProblems(dir, "");
      assert.ok(problem.startsWith(`${file} needs "homepage": "${ADDRESS}#readme"`), problem);
      assert.deepEqual(others, []);
      writeFileSync(join(dir, file), manifest);
    }
    assert.throws(() => setRepository(dir, "git@github.com:owner/name.git"), /--repository: /);
  });

  test("makes the README's links work on npm", () => {
    const readme = withAbsoluteLinks(
      readFileSync(join(root, "README.md"), "utf8"),
      ADDRESS,
      "1.2.3",
    );
    const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
    assert.ok(links.includes(`${ADDRESS}/blob/v1.2.3/docs/bulk.md`));
    for (const link of links) assert.match(link, /^(https:|#)/);
    for (const [, image] of readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g))
      assert.ok(image.startsWith(`${ADDRESS}/raw/v1.2.3/`));
  });
});

test("a version that differs is named", () => {
  const dir = copyOf([
    "Cargo.toml",
    "Cargo.lock",
    "CHANGELOG.md",
    "cli/package.json",
    "pkg/package.json",
  ]);
  // Uses the installed one: another test rebuilds the workspace's.
  const wasm = join("wasm", "clerk_sign_in_tokens_bg.wasm");
  cpSync(join(app, "node_modules", "clerk-sign-in-tokens", wasm), join(dir, "pkg", wasm));
  assert.deepEqual(versionProblems(dir), []);

  const manifest = readFileSync(join(dir, "pkg/package.json"), "utf8");
  writeFileSync(
    join(dir, "pkg/package.json"),
    manifest.replace(/"version": ".*"/, '"version": "9.9.9"'),
  );
  const places = versionProblems(dir).map((problem) => problem.match(/9\.9\.9, (.*) has/)[1]);
  assert.deepEqual(places, [
    "Cargo.toml",
    "Cargo.lock",
    "CHANGELOG.md",
    "cli/package.json",
    "cli/package.json's dependency",
    "the built User-Agent",
  ]);

  writeFileSync(join(dir, "pkg/package.json"), manifest);
  writeFileSync(
    join(dir, "CHANGELOG.md"),
    readFileSync(join(dir, "CHANGELOG.md"), "utf8").replace(/\(.*\)/, "(unreleased)"),
  );
  assert.match(
    String(versionProblems(dir, { isPublishing: true })),
    /"unreleased" where it needs the day/,
  );
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

test("the workflow gives a token only to a job that runs no code of a dependency", () => {
  const text = readFileSync(join(root, ".github", "workflows", "release.yml"), "utf8");
  assert.doesNotMatch(text, /secrets\./);
  const { permissions, jobs } = parse(text);
  assert.deepEqual(permissions, { contents: "read" });
  const [job, ...others] = Object.values(jobs).filter(({ permissions }) => permissions);
  assert.deepEqual(others, []);
  const allowed =
    /^(npm publish --ignore-scripts --access public \.\/packages\/\S+\.tgz|cargo publish --locked --no-verify|rustup toolchain install)$/;
  for (const { run, uses } of job.steps) {
    if (run) assert.match(run, allowed);
    else assert.match(uses, /@[0-9a-f]{40}$/, "a tag can be moved");
  }
});
