// A proxy that gives the emulator's answers the shape of the real API's behind Cloudflare:
// compressed, and without a length.
import { once } from "node:events";
import { createServer, request } from "node:http";
import { pipeline } from "node:stream";
import { createGzip } from "node:zlib";

import { listen } from "./listen.ts";

/** Starts the proxy of `target`. Returns `{ url, close() }`. */
export async function startCompressing(target: string) {
  const server = createServer((incoming, outgoing) => {
    const { method, headers } = incoming;
    const forwarded = request(`${target}${incoming.url}`, { method, headers }, (answer) => {
      const { "content-length": _, ...rest } = answer.headers;
      const isAsked = /\bgzip\b/.test(headers["accept-encoding"] ?? "");
      outgoing.writeHead(answer.statusCode ?? 502, {
        ...rest,
        ...(isAsked && { "content-encoding": "gzip" }),
      });
      pipeline([answer, ...(isAsked ? [createGzip()] : []), outgoing], () => {});
    });
    pipeline(incoming, forwarded, () => {});
  });
  const port = await listen(server);
  const close = async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${port}`, close };
}
