// The load in Node, Deno or Bun.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";

import { load } from "./load.ts";

const [path, apiUrl] = process.argv.slice(2);
const create = (await import(path)).client("sk_test_key", apiUrl);
const server = createServer(async ({ url }, response) => {
  response.end(JSON.stringify(await load(create, new URL(url ?? "", "http://x"))));
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(`listening on http://127.0.0.1:${port}`);
});
