// Creates the text of docs/works-in.md, and the README's table.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { APPS } from "./apps.js";

const RUNTIMES = "tests/runtimes/runtimes.test.js";
const EXAMPLES = "tests/examples/examples.test.js";
const RUST_WORKER = "tests/examples/rust-worker.soak.js";

/** The set-ups that other tests run. */
const OTHERS = [
  ["Cloudflare Workers, by wrangler", RUNTIMES],
  ["Cloudflare Workers in Rust, by worker-build", RUST_WORKER],
  ["Node 20 and newer", RUNTIMES],
  ["Deno, Bun", RUNTIMES],
  ["Supabase Edge Functions (in Deno, on which they run)", EXAMPLES],
  ["Netlify Edge Functions (in Deno, on which they run)", EXAMPLES],
  ["Vercel's edge runtime", RUNTIMES],
].map(([title, test]) => ({ title, test }));

/** The README's names of the set-ups that need no setting, by family. */
const FAMILIES = {
  "Cloudflare Workers": {
    wrangler: "Cloudflare Workers, by wrangler",
    "Vite plugin": "vite-cloudflare",
    Hono: "hono-workerd",
    Astro: "astro",
    SvelteKit: "sveltekit",
    "React Router": "react-router",
    "TanStack Start": "tanstack-start",
    "Nitro 3": "nitro-cloudflare",
    "Nitro 3 on Pages": "nitro-pages",
    Rust: "Cloudflare Workers in Rust, by worker-build",
  },
  Node: {
    "20 and newer": "Node 20 and newer",
    "Next.js (Turbopack)": "next-turbopack",
    "Next.js (webpack)": "next-webpack",
    "Next.js (`cacheComponents`)": "next-cache-components",
    "Next.js 15": "next-15",
    "Next.js 14": "next-14",
    Nuxt: "nuxt-node",
    "Nitro 2": "nitro-2-node",
    "Nitro 3": "nitro-node",
    Hono: "hono-node",
    "CommonJS TypeScript (node16)": "typescript-node16",
    "CommonJS TypeScript (nodenext)": "typescript-nodenext",
    "TypeScript 5.2": "typescript-5.2",
  },
  "Deno, Bun": {
    themselves: "Deno, Bun",
    "Hono in Deno": "hono-deno",
    "Hono in Bun": "hono-bun",
    "Supabase Edge Functions": "Supabase Edge Functions (in Deno, on which they run)",
    "Netlify Edge Functions": "Netlify Edge Functions (in Deno, on which they run)",
  },
  "Test runners": {
    Vitest: "vitest",
    "Vitest in jsdom": "vitest-jsdom",
    "Jest (`require`)": "jest",
    "babel-jest": "babel-jest",
    "ts-jest": "ts-jest",
    "@swc/jest": "@swc/jest",
  },
  "Bundlers, package managers": {
    webpack: "webpack",
    Rspack: "rspack",
    Rollup: "rollup",
    Vite: "vite",
    esbuild: "esbuild",
    pnpm: "pnpm",
    "Yarn PnP": "yarn-pnp",
  },
  "Vercel's edge runtime": {
    "by itself": "Vercel's edge runtime",
    "in Next.js, which has deprecated it": "next-edge",
  },
};

const NOTES = `The error of a missing setting:

- Nitro 2 on Cloudflare, also as a part of Nuxt and SolidStart, without \`wasm: true\`: the build
  fails with "Could not load …_bg.wasm?module".
- Next.js by OpenNext, without \`serverExternalPackages\`, or SvelteKit with the package in \`ssr.noExternal\`: the bundler
  takes the entry for Node. The Worker then fails with a message that names the setting.
- Jest's jsdom has neither \`TextDecoder\` nor \`fetch\`: add them, or put \`@jest-environment node\` at the top of the test.

Where Node can \`require\` ES modules (20.19, 22.12 and newer), \`require\` and \`import\` give one copy of the package; so do bundlers.
On an older Node they give two copies with different \`SignInTokensError\` classes. Test \`error.name === "SignInTokensError"\`
where both can come, such as in a library.

Not covered:

- Supabase's and Netlify's own runtimes: their functions run in plain Deno here, and the test provides what they give a function.
- Vercel's cloud: its edge runtime is the emulation that Vercel publishes.
- Cloudflare's network: workerd is the same program, but bindings and limits are miniflare's.
- Workers in Rust with \`worker-build --panic-unwind\`: it recompiles Rust's standard library, with a nightly toolchain and its
  sources, and no test here does that.
- Next.js by OpenNext with Turbopack and \`clerk-sign-in-tokens/bulk\`: OpenNext finds the entry only sometimes. Use webpack.
- API routes of Expo Router on Cloudflare: Metro takes the entry for Node, and the route answers 500 with "this runtime does not
  compile WebAssembly from bytes". Import the package in the Worker's own entry, which wrangler bundles, and assign it:
  \`Object.assign(globalThis, { SignInTokens })\`. A route then uses \`globalThis.SignInTokens\`.`;

const ROWS = [...OTHERS, ...APPS];
const idOf = ({ name, title }) => name ?? title;

/**
 * Returns the README's table: a row for each set-up that needs a setting, and one for each family
 * that needs none.
 */
export function readmeTable() {
  const listed = Object.values(FAMILIES).flatMap(Object.values);
  const simple = ROWS.filter(({ config }) => !config).map(idOf);
  const astray = [
    ...simple.filter((id) => !listed.includes(id)),
    ...listed.filter((id) => !simple.includes(id)),
  ];
  if (astray.length > 0) throw new Error(`FAMILIES in works-in.js and apps.js disagree: ${astray}`);
  const families = Object.entries(FAMILIES).map(([family, members]) => {
    const links = Object.entries(members).map(([text, id]) => `[${text}](${testOf(rowOf(id))})`);
    return `| ${family}: ${links.join(", ")} | nothing |`;
  });
  const settings = Map.groupBy(
    ROWS.filter(({ config }) => config),
    (row) => `${testOf(row)} ${row.config}`,
  );
  const needy = [...settings.values()].map((rows) => {
    const links = rows.map((row) => `[${row.title}](${testOf(row)})`);
    return `| ${links.join(", ")} | ${rows[0].config} |`;
  });
  const [edge] = families.splice(-1);
  const rows = [...families, ...needy, edge];
  return `| set-up, linked to its test | what it needs |\n| --- | --- |\n${rows.join("\n")}\n`;
}

const rowOf = (id) => ROWS.find((row) => idOf(row) === id);

export function worksIn() {
  const rows = ROWS.map(
    (row) => `| ${row.title} | ${version(row)} | ${row.config ?? "nothing"} | ${link(row)} |`,
  );
  return `# Works in

Each set-up is built as its own documentation says, with the package as published on npm. The built app then runs, and creates
and revokes tokens. \`npm run frameworks\` runs all, every week with the newest versions.

| set-up | version | what it needs | test |
| --- | --- | --- | --- |
${rows.join("\n")}

${NOTES}
`;
}

/** Returns the pinned version. */
function version({ folder, of, manager, versions }) {
  if (versions) return versions[of];
  if (manager) return manager.split("@")[1];
  if (!folder) return "";
  const file = join(import.meta.dirname, folder, "package.json");
  const { dependencies, devDependencies } = JSON.parse(readFileSync(file, "utf8"));
  return { ...dependencies, ...devDependencies }[of];
}

/** Returns the path of the test from the repository's root. */
const testOf = ({ test, folder }) => test ?? `tests/frameworks/${folder}`;

const link = (row) => `[${row.name ?? "test"}](../${testOf(row)})`;
