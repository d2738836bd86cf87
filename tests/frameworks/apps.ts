// The apps: how each is built and run. docs/works-in.md lists them.

/** A row of docs/works-in.md. */
export interface App {
  name: string;
  /** The folder of its sources, beside this file. */
  folder: string;
  /** The folder whose sources it adds to. */
  base?: string;
  /** Files of these sources that it does not have. */
  without?: string[];
  /** The package that it tests. */
  of?: string;
  /** Other versions than those of its package.json. */
  versions?: Record<string, string>;
  /** The package manager, npm by default. */
  manager?: string;
  build?: string[][];
  /** It runs as a program that exits, a server, or a Worker with this configuration. */
  runs?: string[];
  serves?: string[];
  worker?: string;
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
  worker: "wrangler.jsonc",
  visits: ["/token", "/page", "/component", "/default-cache"],
};

const viteCloudflare = { build: [["vite", "build"]] };

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
  ...nitro("nuxt", "nuxt", "nuxt"),
  ...nitro("nitro-2", "nitropack", "nitropack"),
  ...nitro("nitro", "nitro", "nitro").map((app) => ({ ...app, fast: app.name !== "nitro-pages" })),
  {
    ...viteCloudflare,
    name: "sveltekit",
    folder: "sveltekit",
    of: "@sveltejs/kit",
    worker: "wrangler.jsonc",
  },
  {
    name: "astro",
    folder: "astro",
    of: "astro",
    build: [["astro", "build"]],
    worker: "dist/server/wrangler.json",
  },
  {
    name: "react-router",
    folder: "react-router",
    of: "react-router",
    build: [["react-router", "build"]],
    worker: "build/server/wrangler.json",
  },
  {
    ...viteCloudflare,
    name: "tanstack-start",
    folder: "tanstack-start",
    of: "@tanstack/react-start",
    worker: "dist/server/wrangler.json",
  },
  {
    ...viteCloudflare,
    name: "vite-cloudflare",
    folder: "vite-cloudflare",
    of: "@cloudflare/vite-plugin",
    fast: true,
    worker: "dist/app/wrangler.json",
  },
];

/** Nitro builds one app for Node, Cloudflare Workers and Cloudflare Pages. */
function nitro(folder: string, of: string, command: string): App[] {
  const app = (name: string, preset: string, runs: Partial<App>) => ({
    name: `${folder}-${name}`,
    folder,
    of,
    build: [[command, "build", "--preset", preset]],
    ...runs,
  });
  return [
    app("node", "node_server", { serves: ["node", ".output/server/index.mjs"] }),
    app("cloudflare", "cloudflare_module", { worker: ".output/server/wrangler.json" }),
    app("pages", "cloudflare_pages", { worker: "pages.jsonc" }),
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
const JEST = Object.entries(JEST_PROJECTS).map(([name, project]) => ({
  name,
  folder: "jest",
  of: "jest",
  fast: true,
  runs: [userNode, "node_modules/.bin/jest", "--selectProjects", project],
}));

const typescript = { folder: "typescript", of: "typescript", fast: true };

const TYPESCRIPT: App[] = [
  ...["node16", "nodenext"].map((module) => ({
    ...typescript,
    name: `typescript-${module}`,
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

const vitest = { folder: "vitest", of: "vitest", runs: ["vitest", "run", "--reporter", "verbose"] };

const VITEST: App[] = [
  { ...vitest, name: "vitest" },
  { ...vitest, name: "vitest-jsdom", runs: [...vitest.runs, "--environment", "jsdom"] },
  {
    ...vitest,
    name: "vitest-cloudflare",
    folder: "vitest-cloudflare",
    of: "@cloudflare/vitest-plugin",
  },
];

const hono = { folder: "hono", of: "hono" };

const HONO: App[] = [
  { ...hono, name: "hono-workerd", worker: "wrangler.jsonc" },
  { ...hono, name: "hono-node", serves: ["node", "node.ts"] },
  { ...hono, name: "hono-deno", serves: ["deno", "run", "-A", "deno.ts"] },
  { ...hono, name: "hono-bun", serves: ["bun", "bun.ts"] },
];

/** Returns an app that is bundled into one file, `out`, and runs in Node. */
const bundler = (of: string, out: string, command: string): App => ({
  name: command.split(" ")[0],
  folder: "bundlers",
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
    "rspack build --entry ./main.js --output-path dist/rspack",
  ),
  bundler("rollup", "dist/rollup.mjs", "rollup main.js -p node-resolve -f es -o dist/rollup.mjs"),
  bundler("vite", "dist/vite/main.js", "vite build --ssr main.js --outDir dist/vite"),
  bundler(
    "esbuild",
    "dist/esbuild.cjs",
    "esbuild main.cjs --bundle --platform=node --outfile=dist/esbuild.cjs",
  ),
];

const managed = { folder: "package-managers", runs: ["node", "main.js"] };

const MANAGERS: App[] = [
  { ...managed, name: "pnpm", manager: "pnpm@12.21.0" },
  { ...managed, name: "yarn-pnp", manager: "yarn@4.18.1" },
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
