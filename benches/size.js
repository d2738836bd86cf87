// What a Worker ships: bundled by wrangler as a deployment is, measured in bytes.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

import workerd from "workerd";

import { wrangler } from "../scripts/wrangler.js";

/**
 * Bundles `agent` with `client` (files in `dir`), and gives `{ out, files, parts }`: the folder with the bundle, its files
 * by name, and how many of its bytes came from which source.
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

/** `{ raw, gzip, brotli }` of all files together, each compressed for itself. */
export function size(files) {
  const sum = (measure) => Object.values(files).reduce((total, file) => total + measure(file), 0);
  return {
    raw: sum((file) => file.length),
    gzip: sum(gzip),
    brotli: sum((file) => brotliCompressSync(file).length),
  };
}

export function gzip(file) {
  return gzipSync(file, { level: 9 }).length;
}

function parts(files, { outputs }) {
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
