// The repository's address: it stands in Cargo.toml, and everything else that names it is derived from there.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ADDRESS = /^https:\/\/github\.com\/[\w.-]+\/[\w-]+$/;
/** The packages that are published to npm. */
const PACKAGES = ["pkg", "cli"];
const EXAMPLE = "https://github.com/OWNER/NAME";

/** The address in Cargo.toml, such as `https://github.com/OWNER/NAME`; undefined while there is none. */
export function repositoryOf(dir) {
  return readFileSync(join(dir, "Cargo.toml"), "utf8").match(/^repository = "(.*)"$/m)?.[1];
}

/**
 * What keeps `dir` from being published, and what to do about it; nothing if all is well. npm's provenance compares
 * `repository` with the repository whose workflow publishes (`publisher`, "OWNER/NAME"), and refuses (E422) where they differ.
 */
export function repositoryProblems(dir, publisher = process.env.GITHUB_REPOSITORY) {
  const address = repositoryOf(dir);
  const how = `run: npm run release -- --repository ${EXAMPLE}`;
  if (!address) return [`Cargo.toml has no repository; ${how}`];
  if (!ADDRESS.test(address))
    return [`Cargo.toml has the repository ${address}, not one like ${EXAMPLE}; ${how}`];
  const problems = PACKAGES.flatMap((folder) => {
    const manifest = readManifest(dir, folder);
    return Object.entries(fieldsFor(address, folder))
      .filter(([name, value]) => JSON.stringify(manifest[name]) !== JSON.stringify(value))
      .map(
        ([name, value]) =>
          `${folder}/package.json needs "${name}": ${JSON.stringify(value)}; ${how}`,
      );
  });
  if (publisher && address !== `https://github.com/${publisher}`)
    problems.push(`Cargo.toml has the repository ${address}, ${publisher} is publishing`);
  return problems;
}

/** Writes `address` into Cargo.toml, and what is derived from it into the packages' manifests. */
export function setRepository(dir, address) {
  if (!ADDRESS.test(address)) throw new Error(`--repository: expected one like ${EXAMPLE}`);
  const file = join(dir, "Cargo.toml");
  const cargo = readFileSync(file, "utf8").replace(/^repository = .*\n/m, "");
  writeFileSync(file, cargo.replace(/^license = .*\n/m, `$&repository = "${address}"\n`));
  for (const folder of PACKAGES) {
    const manifest = { ...readManifest(dir, folder), ...fieldsFor(address, folder) };
    const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
    writeFileSync(join(dir, folder, "package.json"), text);
  }
}

/**
 * `markdown` with links that also work away from the repository, as on npm: to this version's files, not to those of today.
 * Without an address the links stay as they are.
 */
export function withAbsoluteLinks(markdown, address, version) {
  if (!address) return markdown;
  return markdown.replace(/(!?)(\[[^\]]*\])\((?!https?:|#)([^)]+)\)/g, (_, image, text, path) => {
    const base = `${address}/${image ? "raw" : "blob"}/v${version}`;
    return `${image}${text}(${base}/${path})`;
  });
}

const readManifest = (dir, folder) =>
  JSON.parse(readFileSync(join(dir, folder, "package.json"), "utf8"));

const fieldsFor = (address, directory) => ({
  repository: { type: "git", url: `git+${address}.git`, directory },
  homepage: `${address}#readme`,
  bugs: { url: `${address}/issues` },
});
