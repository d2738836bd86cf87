// Checks what is written in several manifests: the version, and the repository.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Returns the places with another version than pkg/package.json. */
export function versionProblems(dir: string): string[] {
  const { read, json } = reader(dir);
  const { version } = json("pkg/package.json");
  const command = json("cli/package.json");
  const wasm = readFileSync(join(dir, "pkg/wasm/clerk_sign_in_tokens_bg.wasm"), "latin1");
  const found: Record<string, string | undefined> = {
    "Cargo.toml": read("Cargo.toml").match(/^version = "(.+)"/m)?.[1],
    "Cargo.lock": read("Cargo.lock").match(/name = "clerk-sign-in-tokens"\nversion = "(.+)"/)?.[1],
    "CHANGELOG.md": read("CHANGELOG.md").match(/^## (\S+)/m)?.[1],
    "cli/package.json": command.version,
    "cli/package.json's dependency": command.dependencies["clerk-sign-in-tokens"].replace("^", ""),
    "the built User-Agent": wasm.match(/clerk-sign-in-tokens@(\d+\.\d+\.\d+(?:-[\w.]+)?)/)?.[1],
  };
  return Object.entries(found)
    .filter(([, other]) => !other?.startsWith(version))
    .map(([place, other]) => `pkg/package.json has version ${version}, ${place} has ${other}`);
}

/**
 * Returns what is missing before the packages can be published. npm refuses provenance (E422) where
 * `repository.url` is not the repository that publishes. It resolves the README's relative links by
 * `repository`: the one of pkg/ is that of the root.
 */
export function missingToPublish(dir: string): string[] {
  const { read, json } = reader(dir);
  const address = read("Cargo.toml").match(/^repository = "(https:\/\/github\.com\/.+)"$/m)?.[1];
  const day = read("CHANGELOG.md").match(/^## \S+ \((.+)\)/m)?.[1];
  const expected = (directory?: string) =>
    JSON.stringify({ type: "git", url: `git+${address}.git`, directory });
  const manifests = Object.entries({ pkg: expected(), cli: expected("cli") });
  return [
    address ? "" : "Cargo.toml needs the repository's address on GitHub",
    ...manifests.map(([folder, repository]) =>
      !address || JSON.stringify(json(`${folder}/package.json`).repository) === repository
        ? ""
        : `${folder}/package.json needs "repository": ${repository}`,
    ),
    /^\d{4}-\d\d-\d\d$/.test(String(day))
      ? ""
      : `CHANGELOG.md says "${day}" where it needs the day of the release`,
  ].filter(Boolean);
}

function reader(dir: string) {
  const read = (file: string) => readFileSync(join(dir, file), "utf8");
  return { read, json: (file: string) => JSON.parse(read(file)) };
}
