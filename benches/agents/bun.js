// The load in Bun.
import { load } from "./load.js";

const [path, apiUrl] = process.argv.slice(2);
const create = (await import(path)).client("sk_test_key", apiUrl);
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  fetch: async ({ url }) => Response.json(await load(create, url)),
});
console.log(`listening on http://127.0.0.1:${server.port}`);
