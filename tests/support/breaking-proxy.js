// A proxy that breaks connections after it has passed a POST on: Chromium then sends the POST again.
import { createServer, request as httpRequest } from "node:http";

import { REQUEST_ID } from "../../www/contract.ts";

/**
 * Starts a proxy before a site. It breaks the connections of the next requests that `isToBreak` names: "at once", when the request
 * has arrived at the site, or in place of the "answer". Returns `{ url, ids, break(isToBreak, when), stop() }`, with the request
 * IDs of all POSTs so far.
 */
export async function startBreakingProxy(target) {
  const state = { isToBreak: () => false, when: "answer", broken: new Set() };
  const ids = [];
  const server = createServer((request, response) => {
    const id = request.headers[REQUEST_ID];
    if (request.method === "POST" && id) ids.push(id);
    // Each request once: its repetition gets through.
    const breaks = id && !state.broken.has(id) && state.isToBreak(ids.length);
    if (breaks) state.broken.add(id);
    const { method, url, headers } = request;
    const passedOn = httpRequest(`${target}${url}`, { method, headers }, (answer) => {
      if (breaks) return request.socket.destroy();
      response.writeHead(answer.statusCode, answer.headers);
      return answer.pipe(response);
    });
    passedOn.on("error", () => request.socket.destroy());
    request.pipe(passedOn);
    if (breaks && state.when === "at once") request.on("end", () => state.onSent(request.socket));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    ids,
    break(isToBreak, onSent) {
      Object.assign(state, { isToBreak, when: onSent ? "at once" : "answer", onSent });
    },
    stop: () => server.close(),
  };
}
