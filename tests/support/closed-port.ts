// An address that refuses connections.
import { once } from "node:events";
import { connect, createServer } from "node:net";

import { listen } from "./listen.ts";

/**
 * Returns the address of a port at which nothing listens. Another process would soon listen at a
 * port that is free; this one is taken, by our end of a connection.
 */
export async function closedPort() {
  const server = createServer((socket) => socket.unref());
  const socket = connect(await listen(server), "127.0.0.1");
  await once(socket, "connect");
  // Both stay open until the process ends.
  for (const end of [server, socket]) end.unref();
  return `http://127.0.0.1:${socket.localPort}`;
}
