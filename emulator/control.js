// The control endpoint, which only the emulator has: tests set up faults, read the state and
// advance the time.

/** @typedef {import("fastify").FastifyRequest<{ Body: string }>} JsonRequest */

/**
 * The routes, for the prefix `/__control`. Each POST changes something.
 *
 * @param {import("./state.js").State} state
 * @returns {import("fastify").FastifyPluginAsync}
 */
export const control =
  ({ store, faults, rateLimit, requests, frontend }) =>
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

    /**
     * @param {string} path
     * @param {(request: JsonRequest) => void} change
     */
    function post(path, change) {
      app.post(path, (/** @type {JsonRequest} */ request, reply) => {
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
