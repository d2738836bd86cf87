// The load in Node.
import { createServer } from "node:http";

import { load } from "./load.js";

const [path, apiUrl] = process.argv.slice(2);
const create = (await import(path)).client("sk_test_key", apiUrl);
const server = createServer(async ({ url }, response) => {
  response.end(JSON.stringify(await load(create, new URL(url ?? "", "http://x"))));
});
server.listen(0, "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`listening on http://127.0.0.1:${port}`);
});
