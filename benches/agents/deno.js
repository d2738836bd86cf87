// The load in Deno.
import { load } from "./load.js";

const [path, apiUrl] = Deno.args;
const create = (await import(path)).client("sk_test_key", apiUrl);
Deno.serve(
  {
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => console.log(`listening on http://127.0.0.1:${port}`),
  },
  async ({ url }) => Response.json(await load(create, url)),
);
