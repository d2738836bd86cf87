// ESLint's own recommendation, with the globals of the runtime that a file is written for.
import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import globals from "globals";

const Deno = /** @type {const} */ ({ Deno: "readonly" });
const Bun = /** @type {const} */ ({ Bun: "readonly" });
const Netlify = /** @type {const} */ ({ Netlify: "readonly" });

/**
 * Sets the globals of the files that run in `runtime`.
 *
 * @param {Record<string, boolean | "readonly" | "writable">} runtime
 * @param {...string} files
 */
const runsIn = (runtime, ...files) => ({ files, languageOptions: { globals: runtime } });

export default defineConfig([
  // What the tools write.
  globalIgnores(["pkg/wasm", "pkg/cjs", "**/dist", "**/build", "**/target", "**/.wrangler"]),
  {
    files: ["**/*.{js,cjs,jsx}"],
    plugins: { js },
    extends: ["js/recommended"],
    languageOptions: {
      globals: globals["shared-node-browser"],
      parserOptions: { ecmaFeatures: { jsx: true } },
    },
    rules: { "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }] },
  },
  runsIn(
    globals.node,
    "*.js",
    "{scripts,benches,emulator,tests,cli}/**",
    "examples/{node,bun,nextjs,playwright,vercel-edge}/**",
  ),
  runsIn(
    globals.browser,
    "www/page/**",
    "examples/redeem/**",
    "examples/*/public/**",
    "tests/fixtures/agent/page.js",
    "tests/{www,examples}/**",
  ),
  runsIn(
    globals.serviceworker,
    "www/worker/**",
    "pkg/**",
    "benches/agents/**",
    "tests/fixtures/agent/**",
  ),
  runsIn(
    globals.serviceworker,
    "examples/{bulk-queues,cloudflare-worker,hono,netlify-edge,nextjs,vercel-edge}/**",
    "examples/*.js",
  ),
  runsIn(globals.jest, "tests/frameworks/jest/**"),
  runsIn(Netlify, "examples/netlify-edge/**"),
  runsIn(Deno, "**/deno.js", "examples/deno/**", "benches/agents/**"),
  runsIn(Bun, "**/bun.js", "examples/bun/**", "benches/answers.js"),
]);
