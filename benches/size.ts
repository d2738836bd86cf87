// Bundles a Worker with wrangler, as a deployment does, and measures it in bytes.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

import workerd from "workerd";

import { wrangler } from "../scripts/worker.ts";
import type { Options } from "./runtimes.ts";
import type { Metafile } from "esbuild";

export interface Bundle {
  /** The folder. */
  out: string;

  /** By name. */
  files: Record<string, Buffer>;

  /** The bytes from each source. */
  parts: Record<string, number>;
}

/**
 * Bundles an agent with a client.
 *
 * @param dir the folder with both
 */
export function bundle(
  dir: string,
  agent: string,
  client: Options["client"],
  { minify = true } = {},
): Bundle {
  const out = join(dir, "bundles", `${agent}-${client}${minify ? "-minified" : ""}`);
  const metafile = `${out}.json`;
  const config = `${out}.wrangler.json`;
  mkdirSync(out, { recursive: true });
  writeFileSync(
    config,
    JSON.stringify({
      name: "bench",
      main: join(dir, "agents", `${agent}.ts`),
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

/** Returns the sum of the files' sizes. Each file is compressed separately. */
export function size(files: Record<string, Buffer>) {
  const sum = (measure: (file: Buffer) => number) =>
    Object.values(files).reduce((total, file) => total + measure(file), 0);
  return {
    raw: sum((file) => file.length),
    gzip: sum(gzip),
    brotli: sum((file) => brotliCompressSync(file).length),
  };
}

export function gzip(file: Buffer) {
  return gzipSync(file, { level: 9 }).length;
}

function parts(files: Record<string, Buffer>, { outputs }: Metafile) {
  const bytes: Record<string, number> = {};
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      if (bytesInOutput > 0) bytes[path.replace(/^.*node_modules\//, "")] = bytesInOutput;
    }
  }
  for (const [name, file] of Object.entries(files))
    if (name.endsWith(".wasm")) bytes.wasm = file.length;
  return bytes;
}
