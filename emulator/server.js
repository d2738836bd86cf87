// A stateful emulator of the part of Clerk's APIs that creates, revokes and redeems sign-in tokens, for tests and the demo.
import Fastify from "fastify";

import { api } from "./api.js";
import { control } from "./control.js";
import { ApiError, notFound } from "./errors.js";
import { frontendApi } from "./frontend-api.js";
import { createState } from "./state.js";

export { SECRET_KEY } from "./api.js";

/**
 * Starts the emulator.
 *
 * @param {object} [options]
 * @param {number} [options.port] 0, the default, for any free port
 * @param {number} [options.rateLimit] requests in 10 seconds, 0 for no limit. Default: 100
 * @param {number} [options.signInLimit] sign-ins in 10 seconds from one address, 0 for no limit. Default: 5
 */
export async function startEmulator({ port = 0, rateLimit = 100, signInLimit } = {}) {
  const app = Fastify({
    forceCloseConnections: true,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 4096 },
  });
  const state = createState(rateLimit, signInLimit);

  // Clerk reads the body whatever its type, and @clerk/backend sends a revoke, which has no body, with a JSON type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_, body, done) => done(null, body));
  // Clerk sends the type without a charset, and @clerk/backend reads only that as JSON.
  app.addHook("onSend", async (_, reply) => {
    if (/json/.test(String(reply.getHeader("content-type"))))
      reply.header("content-type", "application/json");
  });
  app.setErrorHandler(
    (/** @type {import("fastify").FastifyError | ApiError} */ error, _, reply) => {
      if (error instanceof ApiError) return reply.code(error.status).send(error.body);
      return reply.code(error.statusCode ?? 500).send({ errors: [] });
    },
  );
  app.setNotFoundHandler(() => {
    throw notFound("resource");
  });

  app.register(api(state), { prefix: "/v1" });
  app.register(frontendApi(state), { prefix: "/v1" });
  app.register(control(state), { prefix: "/__control" });
  const url = await app.listen({ host: "127.0.0.1", port });
  return { url, close: () => app.close() };
}
