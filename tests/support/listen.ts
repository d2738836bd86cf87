// Starts a server on a free port.
import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";

/** Returns the port. */
export async function listen(server: Server) {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}
