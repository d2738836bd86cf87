// A stateful emulator of the part of Clerk's APIs that creates, revokes and redeems sign-in tokens,
// for tests and the demo.
import Fastify, { type FastifyError } from "fastify";

import { api } from "./api.ts";
import { Control } from "./control.ts";
import { ApiError } from "./errors.ts";
import { frontendApi } from "./frontend-api.ts";
import { createState } from "./state.ts";

export { LIVE_SECRET_KEY, SECRET_KEY } from "./api.ts";

interface Options {
  /** 0, the default, for any free port. */
  port?: number;
  /** Requests in 10 seconds, 0 for no limit. Default: 100. */
  rateLimit?: number;
  /** Sign-ins in 10 seconds from one address, 0 for no limit. Default: 5. */
  signInLimit?: number;
}

export async function startEmulator({ port = 0, rateLimit = 100, signInLimit = 5 }: Options = {}) {
  const app = Fastify({
    forceCloseConnections: true,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 4096 },
  });
  const state = createState(rateLimit, signInLimit);

  // Clerk reads the body whatever its type, and @clerk/backend sends a revoke, which has no body,
  // with a JSON type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_, body, done) => done(null, body));
  // Clerk sends the type without a charset, and @clerk/backend reads only that as JSON.
  app.addHook("onSend", async (_, reply) => {
    if (/json/.test(String(reply.getHeader("content-type"))))
      reply.header("content-type", "application/json");
  });
  app.setErrorHandler((error: FastifyError | ApiError, _, reply) => {
    if (error instanceof ApiError) return reply.code(error.status).send(error.body);
    return reply.code(error.statusCode ?? 500).send({ errors: [] });
  });
  app.setNotFoundHandler(() => {
    throw new ApiError("resource_not_found", "No resource was found.");
  });

  app.register(api(state), { prefix: "/v1" });
  app.register(frontendApi(state), { prefix: "/v1" });
  const url = await app.listen({ host: "127.0.0.1", port });
  const close = async () => void (await app.close());
  return { url, control: new Control(url, state), close, [Symbol.asyncDispose]: close };
}
