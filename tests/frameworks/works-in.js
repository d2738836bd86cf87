// The text of docs/works-in.md.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { APPS } from "./apps.js";

const RUNTIMES = "../tests/runtimes/runtimes.test.js";
const EXAMPLES = "../tests/examples/examples.test.js";

/** What other tests run. */
const OTHERS = [
  ["Cloudflare Workers, by wrangler", RUNTIMES],
  ["Cloudflare Workers in Rust, by worker-build", EXAMPLES],
  ["Node 20 and newer", RUNTIMES],
  ["Deno, Bun", RUNTIMES],
  ["Supabase Edge Functions", EXAMPLES],
  ["Netlify Edge Functions", EXAMPLES],
  ["Vercel's edge runtime", RUNTIMES],
].map(([title, test]) => ({ title, test }));

const NOTES = `A setting that is missing shows itself:

- Nitro 2 and Nuxt on Cloudflare, without \`wasm: true\`: the build fails with
  "Could not load …_bg.wasm?module".
- Next.js by OpenNext, without \`serverExternalPackages\`, or SvelteKit with the package in \`ssr.noExternal\`: the bundler
  takes the entry for Node. The Worker then fails with a message that names the setting.
- Jest's jsdom has neither \`TextDecoder\` nor \`fetch\`: put \`@jest-environment node\` at the top of the test.

Where Node can \`require\` ES modules (20.19, 22.12 and newer), \`require\` and \`import\` give one copy of the package; so do bundlers.
On an older Node they give two, whose \`SignInTokensError\` are not the same class: use one of them throughout.`;

export function worksIn() {
  const rows = [...OTHERS, ...APPS].map(
    (row) => `| ${row.title} | ${version(row)} | ${row.config ?? "nothing"} | ${link(row)} |`,
  );
  return `# Works in

Each set-up is built as its own documentation says, with the package as npm has it; what was built then runs, and creates and
revokes tokens. \`npm run frameworks\` runs all, every week with the newest versions.

| set-up | version | what it needs | test |
| --- | --- | --- | --- |
${rows.join("\n")}

${NOTES}
`;
}

/** The version that is pinned. */
function version({ folder, of, manager }) {
  if (manager) return manager.split("@")[1];
  if (!folder) return "";
  const file = join(import.meta.dirname, folder, "package.json");
  const { dependencies, devDependencies } = JSON.parse(readFileSync(file, "utf8"));
  return { ...dependencies, ...devDependencies }[of];
}

function link({ test, name, folder }) {
  return test ? `[test](${test})` : `[${name}](../tests/frameworks/${folder})`;
}
