// The apps: how each is built and run. docs/works-in.md lists them.

import type { Package } from "./versions.ts";

/** A row of docs/works-in.md. */
export interface App {
  name: string;
  /** The folder of its sources, beside this file. */
  folder: string;
  /** The folder whose sources it adds to. */
  base?: string;
  /** Files of these sources that it does not have. */
  without?: string[];
  /** What it installs. */
  packages: Package[];
  /** The package that it tests, the first one by default. */
  of?: Package;
  /** Other versions than those of versions.ts. */
  versions?: Partial<Record<Package, string>>;
  /** Packages that are not tested in their newest versions. */
  keep?: Package[];
  /** The scripts of its package.json, and whether that is a package of ES modules. */
  scripts?: Record<string, string>;
  type?: "module" | "commonjs";
  /** The package manager, npm by default. */
  manager?: "pnpm" | "yarn";
  build?: string[][];
  /**
   * It runs as a program that exits, a server, or a Worker, with the configuration in a file or
   * this one.
   */
  runs?: string[];
  serves?: string[];
  worker?: string | { main: string; compatibility_flags?: string[] };
  /** Where it makes the round trip. */
  path?: string;
  withoutBulk?: boolean;
  /** Paths that create a token on each visit. */
  visits?: string[];
  /** Whether `npm run test:soak` has it. */
  fast?: boolean;
}

/** The user's Node, which may be older than the workspace's. */
const userNode = process.env.SYSTEM_NODE ?? "node";

const REACT: Package[] = ["react", "react-dom"];
const VITE_CLOUDFLARE: Package[] = ["@cloudflare/vite-plugin", "vite", "wrangler"];
const VITE_BUILD = [["vite", "build"]];

const next = {
  folder: "next",
  packages: ["next", ...REACT, "@types/node", "@types/react", "typescript"],
  type: "commonjs",
  build: [["next", "build"]],
  serves: ["next", "start", "--port", "{port}"],
  visits: ["/token", "/page", "/component", "/default-cache", "/edge"],
} satisfies Partial<App>;

const opennext = {
  folder: "opennext",
  base: "next",
  // OpenNext builds no edge runtime into this Worker.
  without: ["app/edge", "next.config.mjs"],
  packages: ["@opennextjs/cloudflare", "wrangler", ...next.packages],
  type: "commonjs",
  scripts: { build: "next build $BUNDLER" },
  worker: "wrangler.jsonc",
  visits: ["/token", "/page", "/component", "/default-cache"],
} satisfies Partial<App>;

const FRAMEWORKS: App[] = [
  { ...next, name: "next-turbopack" },
  { ...next, name: "next-webpack", build: [["next", "build", "--webpack"]] },
  { ...next, name: "next-edge", path: "/edge" },
  {
    ...next,
    name: "next-cache-components",
    build: [["env", "CACHE_COMPONENTS=1", "next", "build"]],
    serves: ["env", "CACHE_COMPONENTS=1", ...next.serves],
    visits: ["/token", "/component"],
    // Next.js refuses them there.
    without: ["app/edge", "app/page", "app/default-cache"],
  },
  { ...next, name: "next-15", versions: { next: "15.5.29" } },
  {
    ...next,
    name: "next-14",
    versions: { next: "14.2.35", react: "18.3.1", "react-dom": "18.3.1" },
  },
  {
    ...opennext,
    name: "opennext-turbopack",
    // OpenNext does not always find the other entries of a package that Turbopack leaves external.
    withoutBulk: true,
    build: [["opennextjs-cloudflare", "build"]],
  },
  {
    ...opennext,
    name: "opennext-webpack",
    build: [["env", "BUNDLER=--webpack", "opennextjs-cloudflare", "build"]],
  },
  ...nitro("nuxt", ["nuxt"]),
  ...nitro("nitro-2", ["nitropack"]),
  ...nitro("nitro", ["nitro"]).map((app) => ({
    ...app,
    keep: app.packages,
    fast: app.name !== "nitro-pages",
  })),
  {
    name: "sveltekit",
    folder: "sveltekit",
    packages: [
      "@sveltejs/kit",
      "@sveltejs/adapter-cloudflare",
      "@sveltejs/vite-plugin-svelte",
      "svelte",
      "vite",
      "wrangler",
    ],
    keep: ["@sveltejs/kit"],
    build: VITE_BUILD,
    worker: "wrangler.jsonc",
  },
  {
    name: "astro",
    folder: "astro",
    packages: ["astro", "@astrojs/cloudflare", "wrangler"],
    build: [["astro", "build"]],
    worker: "dist/server/wrangler.json",
  },
  {
    name: "react-router",
    folder: "react-router",
    packages: ["react-router", "@react-router/dev", "isbot", ...REACT, ...VITE_CLOUDFLARE],
    build: [["react-router", "build"]],
    worker: "build/server/wrangler.json",
  },
  {
    name: "tanstack-start",
    folder: "tanstack-start",
    packages: [
      "@tanstack/react-start",
      "@tanstack/react-router",
      "@vitejs/plugin-react",
      ...REACT,
      ...VITE_CLOUDFLARE,
    ],
    build: VITE_BUILD,
    worker: "dist/server/wrangler.json",
  },
  {
    name: "vite-cloudflare",
    folder: "vite-cloudflare",
    packages: VITE_CLOUDFLARE,
    fast: true,
    build: VITE_BUILD,
    worker: "dist/app/wrangler.json",
  },
];

/**
 * Nitro builds one app for Node, Cloudflare Workers and Cloudflare Pages. Pages bundles the Worker
 * in dist/ when it is uploaded, as wrangler does here.
 */
function nitro(folder: string, packages: [Package, ...Package[]]): App[] {
  const app = (name: string, preset: string, runs: Pick<App, "serves" | "worker">) => ({
    name: `${folder}-${name}`,
    folder,
    packages,
    build: [[packages[0], "build", "--preset", preset]],
    ...runs,
  });
  const pages = { main: "dist/_worker.js/index.js", compatibility_flags: ["nodejs_compat"] };
  return [
    app("node", "node_server", { serves: ["node", ".output/server/index.mjs"] }),
    app("cloudflare", "cloudflare_module", { worker: ".output/server/wrangler.json" }),
    app("pages", "cloudflare_pages", { worker: pages }),
  ];
}

// A new Node lets Jest load ES modules with require(). These apps also work on an older one.
const JEST_PROJECTS = {
  jest: "require",
  "babel-jest": "babel-jest",
  "ts-jest": "ts-jest",
  "@swc/jest": "@swc/jest",
  "jest-jsdom": "jsdom",
};
const JEST = Object.entries(JEST_PROJECTS).map(([name, project]): App => ({
  name,
  folder: "jest",
  packages: [
    "jest",
    "@babel/core",
    "@babel/preset-env",
    "@babel/preset-typescript",
    "@swc/core",
    "@swc/jest",
    "@types/jest",
    "@types/node",
    "babel-jest",
    "jest-environment-jsdom",
    "jest-fixed-jsdom",
    "ts-jest",
    "typescript",
  ],
  keep: ["typescript"],
  type: "commonjs",
  fast: true,
  runs: [userNode, "node_modules/.bin/jest", "--selectProjects", project],
}));

const typescript = {
  folder: "typescript",
  packages: ["typescript", "@types/node"],
  type: "commonjs",
  fast: true,
} satisfies Partial<App>;

const TYPESCRIPT: App[] = [
  ...["node16", "nodenext"].map((module) => ({
    ...typescript,
    name: `typescript-${module}`,
    versions: { typescript: "7.0.2" },
    build: [["tsc", "--module", module, "--outDir", module]],
    runs: [userNode, `${module}/main.js`],
  })),
  {
    ...typescript,
    name: "typescript-5.2",
    versions: { typescript: "5.2.2" },
    build: [["tsc", "--module", "node16", "--skipLibCheck", "false", "--outDir", "oldest"]],
    runs: [userNode, "oldest/main.js"],
  },
];

const vitest = {
  folder: "vitest",
  packages: ["vitest", "jsdom", "vite"],
  runs: ["vitest", "run", "--reporter", "verbose"],
} satisfies Partial<App>;

const VITEST: App[] = [
  { ...vitest, name: "vitest" },
  { ...vitest, name: "vitest-jsdom", runs: [...vitest.runs, "--environment", "jsdom"] },
  {
    ...vitest,
    name: "vitest-cloudflare",
    folder: "vitest-cloudflare",
    packages: ["@cloudflare/vitest-plugin", "vitest"],
  },
];

const hono = { folder: "hono", packages: ["hono", "@hono/node-server"] } satisfies Partial<App>;

const HONO: App[] = [
  { ...hono, name: "hono-workerd", worker: { main: "app.ts" } },
  { ...hono, name: "hono-node", serves: ["node", "node.ts"] },
  { ...hono, name: "hono-deno", serves: ["deno", "serve", "-A", "--port", "{port}", "app.ts"] },
  { ...hono, name: "hono-bun", serves: ["bun", "app.ts"] },
];

/** Returns an app that is bundled into one file, `out`, and runs in Node. */
const bundler = (of: Package, out: string, command: string): App => ({
  name: command.split(" ")[0],
  folder: "node",
  packages: [
    "@rollup/plugin-node-resolve",
    "@rspack/cli",
    "@rspack/core",
    "esbuild",
    "rollup",
    "vite",
    "webpack",
    "webpack-cli",
  ],
  of,
  build: [command.split(" ")],
  runs: ["node", out],
});

const BUNDLERS = [
  bundler(
    "webpack",
    "dist/webpack/main.mjs",
    "webpack --entry ./main.js --output-path dist/webpack",
  ),
  bundler(
    "@rspack/core",
    "dist/rspack/main.mjs",
    "rspack build --config webpack.config.js --entry ./main.js --output-path dist/rspack",
  ),
  bundler("rollup", "dist/rollup.mjs", "rollup main.js -p node-resolve -f es -o dist/rollup.mjs"),
  bundler("vite", "dist/vite/main.js", "vite build --ssr main.js --outDir dist/vite"),
  bundler(
    "esbuild",
    "dist/esbuild.cjs",
    "esbuild main.cjs --bundle --platform=node --outfile=dist/esbuild.cjs",
  ),
];

const managed = { folder: "node", packages: [], runs: ["node", "main.js"] };

const MANAGERS: App[] = [
  { ...managed, name: "pnpm", manager: "pnpm" },
  { ...managed, name: "yarn-pnp", manager: "yarn" },
];

export const APPS: App[] = [
  ...FRAMEWORKS,
  ...HONO,
  ...VITEST,
  ...JEST,
  ...TYPESCRIPT,
  ...BUNDLERS,
  ...MANAGERS,
];
