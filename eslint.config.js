// The recommendations of ESLint and typescript-eslint, with the globals of a file's runtime.
import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import globals from "globals";
import typescript from "typescript-eslint";

const Bun = /** @type {const} */ ({ Bun: "readonly" });

/**
 * Sets the globals of the files that run in `runtime`.
 *
 * @param {Record<string, boolean | "readonly" | "writable">} runtime
 * @param {...string} files
 */
const runsIn = (runtime, ...files) => ({ files, languageOptions: { globals: runtime } });

/**
 * The folders that a folder may import from, besides itself. None imports from pkg/: programs that
 * use the package import it by its name, as its users do.
 *
 * @type {Record<string, string[]>}
 */
const IMPORTS = {
  lists: [],
  emulator: [],
  // The reader for lists of users.
  cli: ["lists"],
  examples: ["lists"],
  www: ["lists"],
  // npm start and npm run emulator start it, npm start asks the page's Worker; npm run bench runs
  // the benchmark.
  scripts: ["emulator", "benches", "www"],
  // It installs the tarball, starts processes and calls wrangler as the tests do.
  benches: ["scripts"],
};

/** A zone for each folder, with the folders that it must not import from. tests/ may import all. */
const zones = Object.entries(IMPORTS).map(([folder, allowed]) => ({
  target: `./${folder}`,
  from: [...Object.keys(IMPORTS), "tests"]
    .filter((other) => other !== folder && !allowed.includes(other))
    .map((other) => `./${other}`),
}));

zones.push({
  target: "./pkg",
  from: [...Object.keys(IMPORTS), "tests"].map((name) => `./${name}`),
});

/** The names of what need not be used. */
const UNUSED = { argsIgnorePattern: "^_", varsIgnorePattern: "^_" };

/** A template may contain a program, whose lines are not ours to wrap. */
const LINE = {
  code: 100,
  ignoreUrls: true,
  ignoreRegExpLiterals: true,
  ignoreTemplateLiterals: true,
};

/** What counts as a line. */
const CODE = { skipBlankLines: true, skipComments: true };

export default defineConfig([
  // What the tools write.
  globalIgnores(["pkg/*", "!pkg/src", "**/{dist,build,target,.wrangler}"]),
  {
    files: ["**/*.{js,mjs,cjs,jsx,ts,tsx}"],
    plugins: { js, "import-x": importX },
    extends: ["js/recommended"],
    settings: {
      "import-x/extensions": [".js", ".jsx", ".ts", ".tsx"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts", ".tsx"] },
      "import-x/resolver-next": createNodeResolver(),
    },
    languageOptions: {
      globals: globals["shared-node-browser"],
      parserOptions: { ecmaFeatures: { jsx: true } },
    },
    rules: {
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
      "import-x/no-restricted-paths": ["error", { zones }],
      "no-restricted-imports": ["error", { patterns: [{ regex: "^\\.{1,2}/(.*/)?pkg/" }] }],
      "no-unused-vars": ["error", UNUSED],
      // One thing on each line: what happens is read from the top to the bottom.
      "max-statements-per-line": "error",
      "no-multi-assign": "error",
      "no-nested-ternary": "error",
      "no-sequences": "error",
      "one-var": ["error", { initialized: "never" }],
      "max-len": ["error", LINE],
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
    // Wrong on purpose.
    files: ["tests/fixtures/types/*.ts"],
    rules: { "no-unreachable": "off" },
  },
  {
    // A suite of tests is as long as its tests, and a view as its markup.
    files: ["**/*.{test.ts,soak.ts,tsx}", "tests/www/page/*.ts"],
    rules: { "max-lines-per-function": "off" },
  },
  runsIn(globals.node, "*.js", "{scripts,benches,emulator,tests,cli}/**", "examples/playwright/**"),
  runsIn(
    globals.browser,
    "www/page/**",
    "examples/redeem/**",
    "tests/fixtures/agent/page.js",
    "tests/{www,examples}/**",
  ),
  runsIn(
    globals.serviceworker,
    "www/worker/**",
    "pkg/**",
    "benches/{agents,clients}/**",
    "tests/fixtures/agent/**",
  ),
  runsIn(globals.jest, "tests/frameworks/jest/**"),
  runsIn(Bun, "**/bun.js"),
]);
