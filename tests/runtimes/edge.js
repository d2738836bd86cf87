// Bundles the agent as Vercel does for its edge runtime: `?module` imports become compiled modules in the global scope.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { build } from "esbuild";

/** Gives `{ code, modules }`: the script, and the globals that it expects. */
export async function bundleForEdge(agent) {
  const modules = {};
  const { outputFiles } = await build({
    stdin: {
      contents: `import { handle } from "./agent.js"; addEventListener("fetch", (event) => event.respondWith(handle(event.request)));`,
      resolveDir: agent,
    },
    bundle: true,
    format: "iife",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["edge-light"],
    write: false,
    plugins: [{
      name: "wasm-module",
      setup(build) {
        build.onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({
          path: join(resolveDir, path.replace("?module", "")), namespace: "wasm-module",
        }));
        build.onLoad({ filter: /.*/, namespace: "wasm-module" }, ({ path }) => {
          const name = `wasm_${Object.keys(modules).length}`;
          modules[name] = new WebAssembly.Module(readFileSync(path));
          return { contents: `export default ${name};` };
        });
      },
    }],
  });
  return { code: outputFiles[0].text, modules };
}
