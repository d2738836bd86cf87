// The agent in Node.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { inspect } from "node:util";

import { handle } from "./agent.js";

globalThis.nodeInspect = inspect;

const server = createServer(async (incoming, outgoing) => {
  const request = new Request("http://agent", { method: "POST", body: await text(incoming) });
  outgoing.end(await (await handle(request)).text());
});
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
