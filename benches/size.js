// Bundles a Worker with wrangler, as a deployment does, and measures it in bytes.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

import workerd from "workerd";

import { wrangler } from "../scripts/wrangler.js";

/**
 * @typedef {object} Bundle
 * @property {string} out the folder
 * @property {Record<string, Buffer>} files by name
 * @property {Record<string, number>} parts the bytes from each source
 */

/**
 * Bundles an agent with a client.
 *
 * @param {string} dir the folder with both
 * @param {string} agent
 * @param {import("./runtimes.js").Options["client"]} client
 * @returns {Bundle}
 */
export function bundle(dir, agent, client, { minify = true } = {}) {
  const out = join(dir, "bundles", `${agent}-${client}${minify ? "-minified" : ""}`);
  const metafile = `${out}.json`;
  const config = `${out}.wrangler.json`;
  mkdirSync(out, { recursive: true });
  writeFileSync(
    config,
    JSON.stringify({
      name: "bench",
      main: join(dir, "agents", `${agent}.js`),
      compatibility_date: workerd.compatibilityDate,
    }),
  );
  wrangler(dir, [
    "deploy",
    "--dry-run",
    "--config",
    config,
    "--outdir",
    out,
    "--metafile",
    metafile,
    "--alias",
    `client:${join(dir, "clients", `${client}.js`)}`,
    ...(minify ? ["--minify"] : []),
  ]);
  const names = readdirSync(out).filter((name) => /\.(js|wasm)$/.test(name));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(out, name))]));
  return { out, files, parts: parts(files, JSON.parse(readFileSync(metafile, "utf8"))) };
}

/**
 * Returns the sum of the files' sizes. Each file is compressed separately.
 *
 * @param {Record<string, Buffer>} files
 */
export function size(files) {
  const sum = (/** @type {(file: Buffer) => number} */ measure) =>
    Object.values(files).reduce((total, file) => total + measure(file), 0);
  return {
    raw: sum((file) => file.length),
    gzip: sum(gzip),
    brotli: sum((file) => brotliCompressSync(file).length),
  };
}

/** @param {Buffer} file */
export function gzip(file) {
  return gzipSync(file, { level: 9 }).length;
}

/**
 * @param {Record<string, Buffer>} files
 * @param {import("esbuild").Metafile} metafile
 */
function parts(files, { outputs }) {
  /** @type {Record<string, number>} */
  const bytes = {};
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      if (bytesInOutput > 0) bytes[path.replace(/^.*node_modules\//, "")] = bytesInOutput;
    }
  }
  for (const [name, file] of Object.entries(files))
    if (name.endsWith(".wasm")) bytes.wasm = file.length;
  return bytes;
}
