// Reads and writes the repository's address. It is in Cargo.toml; the other places derive from there.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ADDRESS = /^https:\/\/github\.com\/[\w.-]+\/[\w-]+$/;
/** The packages that are published to npm. */
const PACKAGES = ["pkg", "cli"];
const EXAMPLE = "https://github.com/OWNER/NAME";

/**
 * Returns the address in Cargo.toml, such as `https://github.com/OWNER/NAME`; undefined if there is none.
 *
 * @param {string} dir
 */
export function repositoryOf(dir) {
  return readFileSync(join(dir, "Cargo.toml"), "utf8").match(/^repository = "(.*)"$/m)?.[1];
}

/**
 * Returns the problems that prevent publishing, with what to do. npm's provenance compares `repository` with the repository
 * whose workflow publishes, and refuses (E422) if they differ.
 *
 * @param {string} dir
 * @param {string} [publisher] "OWNER/NAME" of the repository that publishes
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

/**
 * Writes the address into Cargo.toml and into the packages' manifests.
 *
 * @param {string} dir
 * @param {string} address
 */
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
 * Returns `markdown` with links that also work outside the repository, as on npm: to the files of this version. Without an
 * address, the links stay as they are.
 *
 * @param {string} markdown
 * @param {string | undefined} address
 * @param {string} version
 */
export function withAbsoluteLinks(markdown, address, version) {
  if (!address) return markdown;
  return markdown.replace(/(!?)(\[[^\]]*\])\((?!https?:|#)([^)]+)\)/g, (_, image, text, path) => {
    const base = `${address}/${image ? "raw" : "blob"}/v${version}`;
    return `${image}${text}(${base}/${path})`;
  });
}

/**
 * @param {string} dir
 * @param {string} folder
 */
const readManifest = (dir, folder) =>
  JSON.parse(readFileSync(join(dir, folder, "package.json"), "utf8"));

/**
 * @param {string} address
 * @param {string} directory
 */
const fieldsFor = (address, directory) => ({
  repository: { type: "git", url: `git+${address}.git`, directory },
  homepage: `${address}#readme`,
  bugs: { url: `${address}/issues` },
});
