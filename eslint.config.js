// ESLint's and typescript-eslint's own recommendations, with the globals of the runtime that a file is written for.
import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import globals from "globals";
import typescript from "typescript-eslint";

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

/** The names of what need not be used. */
const UNUSED = { argsIgnorePattern: "^_", varsIgnorePattern: "^_" };

/** What counts as a line. */
const CODE = { skipBlankLines: true, skipComments: true };

export default defineConfig([
  // What the tools write.
  globalIgnores([
    "pkg/wasm",
    "pkg/cjs",
    "pkg/index.d.ts",
    "**/dist",
    "**/build",
    "**/target",
    "**/.wrangler",
  ]),
  {
    files: ["**/*.{js,mjs,cjs,jsx,ts,tsx}"],
    plugins: { js },
    extends: ["js/recommended"],
    languageOptions: {
      globals: globals["shared-node-browser"],
      parserOptions: { ecmaFeatures: { jsx: true } },
    },
    rules: {
      "no-unused-vars": ["error", UNUSED],
      // One thing on each line: what happens is read from the top to the bottom.
      "max-statements-per-line": "error",
      "no-multi-assign": "error",
      "no-nested-ternary": "error",
      "no-sequences": "error",
      "one-var": ["error", { initialized: "never" }],
      // A file has one job, and a function fits on a screen.
      "max-lines": ["error", { max: 300, ...CODE }],
      "max-lines-per-function": ["error", { max: 40, ...CODE }],
    },
  },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [typescript.configs.recommended],
    rules: { "@typescript-eslint/no-unused-vars": ["error", UNUSED] },
  },
  {
    // A suite of tests is as long as its tests, and a view as its markup.
    files: ["**/*.{test.js,soak.js,jsx,tsx}", "tests/www/page/*.js"],
    rules: { "max-lines-per-function": "off" },
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
