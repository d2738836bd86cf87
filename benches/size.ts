// Bundles a Worker with wrangler, as a deployment does, and measures it in bytes.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

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
  const settings = {
    name: "bench",
    main: join(dir, "agents", `${agent}.ts`),
    compatibility_date: workerd.compatibilityDate,
    alias: { client: join(dir, "clients", `${client}.ts`) },
    minify,
  };
  writeFileSync(config, JSON.stringify(settings));
  const output = ["--outdir", out, "--metafile", metafile];
  wrangler(dir, ["deploy", "--dry-run", "--config", config, ...output]);
  const names = readdirSync(out).filter((name) => /\.(js|wasm)$/.test(name));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(out, name))]));
  return { out, files, parts: parts(files, JSON.parse(readFileSync(metafile, "utf8"))) };
}

/** Returns the sum of the files' sizes. Each file is compressed separately. */
export function gzipped(files: Record<string, Buffer>) {
  return Object.values(files).reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
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
