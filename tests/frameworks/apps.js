// The apps: how each is built and run, and what docs/works-in.md says about it.

/** The user's Node, which may be older than the workspace's. */
const userNode = process.env.SYSTEM_NODE ?? "node";

const next = {
  folder: "next",
  of: "next",
  build: [["next", "build"]],
  serves: ["next", "start", "--port", "{port}"],
  visits: ["/token", "/page", "/component", "/default-cache", "/edge"],
};

const opennext = {
  folder: "opennext",
  base: "next",
  // OpenNext builds no edge runtime into this Worker.
  without: ["app/edge", "next.config.mjs"],
  of: "@opennextjs/cloudflare",
  config: '`serverExternalPackages: ["clerk-sign-in-tokens"]` in `next.config.ts`',
  worker: "wrangler.jsonc",
  visits: ["/token", "/page", "/component", "/default-cache"],
};

const FRAMEWORKS = [
  {
    ...next,
    name: "next-turbopack",
    title: "Next.js, in Node, built by Turbopack",
  },
  {
    ...next,
    name: "next-webpack",
    title: "Next.js, in Node, built by webpack",
    build: [["next", "build", "--webpack"]],
  },
  {
    ...next,
    name: "next-edge",
    title: "Next.js, a route handler in the edge runtime (which Next.js has deprecated)",
    path: "/edge",
  },
  {
    ...next,
    name: "next-cache-components",
    title: "Next.js with `cacheComponents`, in Node",
    build: [["env", "CACHE_COMPONENTS=1", "next", "build"]],
    serves: ["env", "CACHE_COMPONENTS=1", ...next.serves],
    visits: ["/token", "/component"],
    // Next.js refuses them there.
    without: ["app/edge", "app/page", "app/default-cache"],
  },
  {
    ...next,
    name: "next-15",
    title: "Next.js 15, in Node, built by webpack",
    versions: { next: "15.5.29" },
  },
  {
    ...next,
    name: "next-14",
    title: "Next.js 14, in Node, built by webpack",
    versions: { next: "14.2.35", react: "18.3.1", "react-dom": "18.3.1" },
  },
  {
    ...opennext,
    name: "opennext-turbopack",
    title: "Next.js on Cloudflare, by OpenNext, built by Turbopack",
    // OpenNext does not always find the other entries of a package that Turbopack leaves external.
    withoutBulk: true,
    config: `${opennext.config}; for \`clerk-sign-in-tokens/bulk\`, webpack`,
    build: [["opennextjs-cloudflare", "build"]],
  },
  {
    ...opennext,
    name: "opennext-webpack",
    title: "Next.js on Cloudflare, by OpenNext, built by webpack",
    build: [["env", "BUNDLER=--webpack", "opennextjs-cloudflare", "build"]],
  },
  ...nitro("nuxt", "Nuxt", "nuxt", "nuxt", "`nitro: { experimental: { wasm: true } }`"),
  ...nitro("nitro-2", "Nitro 2", "nitropack", "nitropack", "`experimental: { wasm: true }`"),
  ...nitro("nitro", "Nitro 3", "nitro", "nitro").map((row) => ({
    ...row,
    fast: row.name !== "nitro-pages",
  })),
  {
    name: "sveltekit",
    title: "SvelteKit on Cloudflare",
    folder: "sveltekit",
    of: "@sveltejs/kit",
    build: [["vite", "build"]],
    worker: "wrangler.jsonc",
  },
  {
    name: "astro",
    title: "Astro on Cloudflare",
    folder: "astro",
    of: "astro",
    build: [["astro", "build"]],
    worker: "dist/server/wrangler.json",
  },
  {
    name: "react-router",
    title: "React Router on Cloudflare",
    folder: "react-router",
    of: "react-router",
    build: [["react-router", "build"]],
    worker: "build/server/wrangler.json",
  },
  {
    name: "tanstack-start",
    title: "TanStack Start on Cloudflare",
    folder: "tanstack-start",
    of: "@tanstack/react-start",
    build: [["vite", "build"]],
    worker: "dist/server/wrangler.json",
  },
  {
    name: "vite-cloudflare",
    title: "Cloudflare's Vite plugin",
    folder: "vite-cloudflare",
    of: "@cloudflare/vite-plugin",
    fast: true,
    build: [["vite", "build"]],
    worker: "dist/app/wrangler.json",
  },
];

/** Nitro builds one app for Node, Cloudflare Workers and Cloudflare Pages. */
function nitro(folder, title, of, command, config) {
  const build = (preset) => [[command, "build", "--preset", preset]];
  const app = { folder, of };
  return [
    {
      ...app,
      name: `${folder}-node`,
      title: `${title} in Node`,
      build: build("node_server"),
      serves: ["node", ".output/server/index.mjs"],
    },
    {
      ...app,
      name: `${folder}-cloudflare`,
      title: `${title} on Cloudflare`,
      config,
      build: build("cloudflare_module"),
      worker: ".output/server/wrangler.json",
    },
    {
      ...app,
      name: `${folder}-pages`,
      title: `${title} on Cloudflare Pages`,
      config,
      build: build("cloudflare_pages"),
      worker: "pages.jsonc",
    },
  ];
}

// A new Node lets Jest load ES modules with require(). These apps also work on an older one.
const JEST_TITLES = {
  require: "Jest, modules loaded by `require`",
  jsdom: "Jest in a jsdom that has Node's `fetch`",
};
const JEST_NAMES = { require: "jest", jsdom: "jest-jsdom" };
const JEST = ["require", "babel-jest", "ts-jest", "@swc/jest", "jsdom"].map((way) => ({
  name: JEST_NAMES[way] ?? way,
  title: JEST_TITLES[way] ?? `Jest with ${way}`,
  folder: "jest",
  of: "jest",
  fast: true,
  config: way === "jsdom" ? "a `testEnvironment` that adds `fetch` and its classes" : undefined,
  runs: [userNode, "node_modules/.bin/jest", "--selectProjects", way],
}));

const typescript = { folder: "typescript", of: "typescript", fast: true };

const TYPESCRIPT = [
  ...["node16", "nodenext"].map((module) => ({
    ...typescript,
    name: `typescript-${module}`,
    title: `TypeScript compiled to CommonJS, \`"module": "${module}"\``,
    build: [["tsc", "--module", module, "--outDir", module]],
    runs: [userNode, `${module}/main.js`],
  })),
  {
    ...typescript,
    name: "typescript-5.2",
    title: 'The oldest TypeScript that is supported, with `"skipLibCheck": false`',
    versions: { typescript: "5.2.2" },
    build: [["tsc", "--module", "node16", "--skipLibCheck", "false", "--outDir", "oldest"]],
    runs: [userNode, "oldest/main.js"],
  },
];

const VITEST = [
  {
    name: "vitest",
    title: "Vitest",
    folder: "vitest",
    of: "vitest",
    runs: ["vitest", "run", "--reporter", "verbose"],
  },
  {
    name: "vitest-jsdom",
    title: "Vitest in jsdom",
    folder: "vitest",
    of: "vitest",
    runs: ["vitest", "run", "--reporter", "verbose", "--environment", "jsdom"],
  },
  {
    name: "vitest-cloudflare",
    title: "Vitest in a Worker, by Cloudflare's plugin",
    folder: "vitest-cloudflare",
    of: "@cloudflare/vitest-plugin",
    config: '`wrangler: { configPath: "./wrangler.jsonc" }`: the plugin imports no wasm without it',
    runs: ["vitest", "run", "--reporter", "verbose"],
  },
];

const hono = { folder: "hono", of: "hono" };

const HONO = [
  { ...hono, name: "hono-workerd", title: "Hono on Cloudflare", worker: "wrangler.jsonc" },
  { ...hono, name: "hono-node", title: "Hono in Node", serves: ["node", "node.ts"] },
  { ...hono, name: "hono-deno", title: "Hono in Deno", serves: ["deno", "run", "-A", "deno.ts"] },
  { ...hono, name: "hono-bun", title: "Hono in Bun", serves: ["bun", "bun.ts"] },
];

/** Returns an app that is bundled into one file, `out`, and runs in Node. */
const bundler = (title, of, out, command) => ({
  name: command.split(" ")[0],
  title,
  folder: "bundlers",
  of,
  build: [command.split(" ")],
  runs: ["node", out],
});

const BUNDLERS = [
  bundler(
    "webpack",
    "webpack",
    "dist/webpack/main.mjs",
    "webpack --entry ./main.js --output-path dist/webpack",
  ),
  bundler(
    "Rspack",
    "@rspack/core",
    "dist/rspack/main.mjs",
    "rspack build --entry ./main.js --output-path dist/rspack",
  ),
  bundler(
    "Rollup",
    "rollup",
    "dist/rollup.mjs",
    "rollup main.js -p node-resolve -f es -o dist/rollup.mjs",
  ),
  bundler(
    "Vite, for Node",
    "vite",
    "dist/vite/main.js",
    "vite build --ssr main.js --outDir dist/vite",
  ),
  bundler(
    "esbuild, to CommonJS",
    "esbuild",
    "dist/esbuild.cjs",
    "esbuild main.cjs --bundle --platform=node --outfile=dist/esbuild.cjs",
  ),
];

const managed = { folder: "package-managers", runs: ["node", "main.js"] };

const MANAGERS = [
  { ...managed, name: "pnpm", title: "pnpm", manager: "pnpm@12.21.0" },
  { ...managed, name: "yarn-pnp", title: "Yarn Plug'n'Play", manager: "yarn@4.18.1" },
];

export const APPS = [
  ...FRAMEWORKS,
  ...HONO,
  ...VITEST,
  ...JEST,
  ...TYPESCRIPT,
  ...BUNDLERS,
  ...MANAGERS,
];
