// A proxy that breaks connections after it has passed a POST on: Chromium then sends the POST
// again.
import { createServer, request as httpRequest } from "node:http";

import type { Socket } from "node:net";

import { REQUEST_ID } from "../../www/contract.ts";
import { listen } from "./listen.ts";

/**
 * Starts a proxy before a site. `break(isToBreak, onSent)` breaks the connections of those of the
 * next POSTs that `isToBreak` names by their numbers, each ID once: in place of the answer, or
 * where `onSent(socket)` wants it. It returns the request IDs of all POSTs from now on.
 */
export async function startBreakingProxy(target: string) {
  let ids: unknown[] = [];
  let isToBreak = (_number: number) => false;
  let onSent = (_socket: Socket) => {};
  const server = createServer((request, response) => {
    const { method, url, headers, socket } = request;
    const id = headers[REQUEST_ID];
    const breaks = id && !ids.includes(id) && isToBreak(ids.length + 1);
    if (id) ids.push(id);
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
    break(which: typeof isToBreak, sent: typeof onSent = () => {}) {
      ids = [];
      isToBreak = which;
      onSent = sent;
      return ids;
    },
    stop: () => server.close(),
  };
}
