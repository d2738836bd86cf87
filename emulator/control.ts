// The control endpoint, which only the emulator has: tests set up faults, read the state and
// advance the time.
import type { FastifyPluginAsync, FastifyRequest } from "fastify";

import type { State } from "./state.ts";

type JsonRequest = FastifyRequest<{ Body: string }>;

/** The routes, for the prefix `/__control`. Each POST changes something. */
export const control =
  ({ store, faults, rateLimit, requests, frontend }: State): FastifyPluginAsync =>
  async (app) => {
    app.get("/requests", () => requests);
    app.get("/tokens", () => store.all());

    post("/faults", ({ body }) => faults.order(JSON.parse(body)));
    post("/faults/clear", () => faults.clear());
    post("/faults/release", () => faults.release());
    post("/rate-limit", ({ body }) => {
      rateLimit.limit = JSON.parse(body).limit;
    });
    post("/sign-in-limit", ({ body }) => {
      const { limit, seconds } = JSON.parse(body);
      frontend.setSignInLimit(limit, seconds);
    });
    post("/clock", ({ body }) => store.advance(JSON.parse(body).advance));
    post("/reset", () => {
      store.clear();
      faults.clear();
      frontend.clear();
      rateLimit.clear();
      requests.length = 0;
    });

    function post(path: string, change: (request: JsonRequest) => void) {
      app.post(path, (request: JsonRequest, reply) => {
        try {
          change(request);
          return {};
        } catch (error) {
          // A mistake of the test's author, who has to see it.
          return reply.code(400).send({ message: String(error) });
        }
      });
    }
  };
