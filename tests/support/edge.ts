// Runs Vercel's edge runtime, with a bundle like Vercel's: `?module` imports become compiled
// modules in the global scope.
import { readFileSync } from "node:fs";

import { EdgeRuntime, runServer } from "edge-runtime";
import { build } from "esbuild";

/**
 * Serves `module`, whose export `name` answers requests: `{ url, stop() }`. `globals` are those of
 * the runtime.
 */
export async function startEdge(dir: string, module: string, name: string, globals: object) {
  const { code, modules } = await bundle(dir, module, name);
  const runtime = new EdgeRuntime({
    initialCode: code,
    extend: (context) => Object.assign(context, modules, globals),
  });
  const server = await runServer({ runtime, host: "127.0.0.1", port: 0 });
  return { url: server.url, stop: () => server.close() };
}

/** Returns `{ code, modules }`: the script, and the globals that it expects. */
async function bundle(dir: string, module: string, name: string) {
  const modules: Record<string, WebAssembly.Module> = {};
  const { outputFiles } = await build({
    stdin: {
      contents: `import { ${name} as handle } from "${module}"; addEventListener("fetch", (event) => event.respondWith(handle(event.request)));`,
      resolveDir: dir,
    },
    bundle: true,
    format: "iife",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["edge-light"],
    write: false,
    plugins: [
      {
        name: "wasm-module",
        setup(build) {
          build.onLoad({ filter: /\.wasm$/ }, ({ path }) => {
            const name = `wasm_${Object.keys(modules).length}`;
            modules[name] = new WebAssembly.Module(readFileSync(path));
            return { contents: `export default ${name};` };
          });
        },
      },
    ],
  });
  return { code: outputFiles[0].text, modules };
}
