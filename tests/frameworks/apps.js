// The apps: how each is built and run, and what docs/works-in.md says of it.

/** In `npm test` too. */
const fast = true;

/** The Node of whoever runs this, which may be older than the one that the workspace brings. */
const userNode = process.env.SYSTEM_NODE ?? "node";

// Jest takes ES modules from require() where Node is new enough: these are about the others.
const jest = ["require", "babel-jest", "ts-jest", "@swc/jest"].map((way) => ({
  name: way === "require" ? "jest" : way,
  title: way === "require" ? "Jest, modules loaded with `require`" : `Jest with ${way}`,
  folder: "jest",
  of: "jest",
  fast,
  runs: [userNode, "node_modules/.bin/jest", "--selectProjects", way],
}));

const typescript = ["node16", "nodenext"].map((module) => ({
  name: `typescript-${module}`,
  title: `TypeScript to CommonJS, \`"module": "${module}"\``,
  folder: "typescript",
  of: "typescript",
  fast,
  build: [["tsc", "--module", module, "--outDir", module]],
  runs: [userNode, `${module}/main.js`],
}));

const nitro = ["node_server", "cloudflare_module"].map((preset) => ({
  name: `nitro-${preset}`,
  title: `Nitro 3, preset \`${preset}\``,
  folder: "nitro",
  of: "nitro",
  build: [["nitro", "build", "--preset", preset]],
}));

export const APPS = [
  ...jest,
  ...typescript,
  {
    name: "vite-cloudflare",
    title: "Cloudflare's Vite plugin",
    folder: "vite-cloudflare",
    of: "@cloudflare/vite-plugin",
    fast,
    build: [["vite", "build"]],
    worker: "dist/app/wrangler.json",
  },
  { ...nitro[0], serves: ["node", ".output/server/index.mjs"] },
  {
    ...nitro[1],
    fast,
    config: "`experimental: { wasm: true }` in the Nitro configuration",
    worker: ".output/server/wrangler.json",
  },
];
