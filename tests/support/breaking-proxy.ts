// A proxy that breaks connections after it has passed a POST on: Chromium then sends the POST
// again.
import { createServer, request as httpRequest } from "node:http";

import type { Socket } from "node:net";

import { REQUEST_ID } from "../../www/contract.ts";
import { listen } from "./listen.ts";

/**
 * Starts a proxy before a site. It breaks the connections of the POSTs that `isToBreak` names by
 * their numbers, each ID once: in place of the answer, or where `onSent(socket)` wants it. Returns
 * `{ url, ids, break(isToBreak, onSent), stop() }`, with the request IDs of all POSTs so far.
 */
export async function startBreakingProxy(target: string) {
  let isToBreak = (_number: number) => false;
  let onSent = (_socket: Socket) => {};
  const broken = new Set();
  const ids: unknown[] = [];
  const server = createServer((request, response) => {
    const { method, url, headers, socket } = request;
    const id = headers[REQUEST_ID];
    if (id) ids.push(id);
    const breaks = id && !broken.has(id) && isToBreak(ids.length);
    if (breaks) broken.add(id);
    const passedOn = httpRequest(`${target}${url}`, { method, headers }, (answer) => {
      if (breaks) return socket.destroy();
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      return answer.pipe(response);
    });
    passedOn.on("error", () => socket.destroy());
    request.pipe(passedOn);
    if (breaks) request.on("end", () => onSent(socket));
  });
  return {
    url: `http://127.0.0.1:${await listen(server)}`,
    ids,
    break: (which: typeof isToBreak, sent: typeof onSent = () => {}) =>
      ([isToBreak, onSent] = [which, sent]),
    stop: () => server.close(),
  };
}
