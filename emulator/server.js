// A stateful stand-in for the sign-in token part of Clerk's Backend API, and for what redeems a token, for tests and the demo.
import Fastify from "fastify";

import * as errors from "./errors.js";
import { Faults, play } from "./faults.js";
import { Frontend, frontendApi } from "./frontend-api.js";
import { RateLimit } from "./rate-limit.js";
import { newId, resource, Store } from "./store.js";
import { redeem } from "./tickets.js";

export const SECRET_KEY = "sk_test_emulator";

/**
 * Starts the emulator: `{ url, close() }`. Port 0 is any; `rateLimit` is requests in 10 seconds, `signInLimit` sign-ins in 10
 * seconds from one address, 0 for no limit.
 */
export async function startEmulator({ port = 0, rateLimit = 100, signInLimit } = {}) {
  const app = Fastify({
    forceCloseConnections: true,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 4096 },
  });
  const store = new Store();
  const state = {
    store,
    faults: new Faults(),
    rateLimit: new RateLimit(rateLimit),
    frontend: new Frontend(store, signInLimit),
    requests: [],
  };

  // Clerk looks at the body whatever its type, and @clerk/backend gives a revoke, which has none, a JSON type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_, body, done) => done(null, body));
  // The type as Clerk sends it, without a charset: @clerk/backend reads JSON under no other name.
  app.addHook("onSend", async (_, reply) => {
    if (/json/.test(reply.getHeader("content-type")))
      reply.header("content-type", "application/json");
  });
  app.setErrorHandler((error, _, reply) => {
    const { status, body } = error.body
      ? error
      : { status: error.statusCode ?? 500, body: { errors: [] } };
    reply.code(status).send(body);
  });
  app.setNotFoundHandler(() => {
    throw errors.notFound("resource");
  });

  app.register(api(state), { prefix: "/v1" });
  app.register(frontendApi(state), { prefix: "/v1" });
  app.register(control(state), { prefix: "/__control" });
  const url = await app.listen({ host: "127.0.0.1", port });
  return { url, close: () => app.close() };
}

/** The two operations, and the page that a token's URL opens. */
const api =
  ({ store, faults, rateLimit, requests }) =>
  async (app) => {
    app.post(
      "/sign_in_tokens",
      operation("create", (request) => {
        const params = parse(request.body);
        checkCreate(params);
        return store.create(params, `${request.protocol}://${request.host}`);
      }),
    );

    app.post(
      "/sign_in_tokens/:id/revoke",
      operation("revoke", ({ params: { id } }) => {
        const entry = store.get(id);
        if (!entry) throw errors.notFound("sign in token");
        if (entry.status !== "pending") throw errors.notPending(entry.status);
        return store.move(entry, "revoked");
      }),
    );

    app.post("/testing_tokens", ({ headers }) => {
      authenticate(headers.authorization);
      const expires_at = Math.floor(Date.now() / 1000) + 3600;
      return { object: "testing_token", token: newId(String(expires_at)), expires_at };
    });

    app.get("/tickets/accept", ({ query: { ticket } }, reply) => {
      reply.type("text/html");
      try {
        const { user_id } = redeem(store, ticket);
        return reply.send(page("Signed in", `You are signed in as ${user_id}.`));
      } catch ({ status, body: { errors } }) {
        const [{ long_message, code }] = errors;
        return reply.code(status).send(page("Sign-in failed", `${long_message} (${code})`));
      }
    });

    function operation(name, carryOut) {
      return async (request, reply) => {
        const { method, url, headers, body } = request;
        const seen = { operation: name, method, url, headers, body: body ?? "" };
        requests.push(seen);
        const fault = faults.take(name);
        if (fault?.effect) carryOut(request);
        if (fault && (await play(fault, reply, seen))) return reply;
        reply.header("cf-ray", `${Date.now().toString(16)}-EMU`);
        authenticate(headers.authorization);
        const wait = rateLimit.take();
        if (wait !== undefined) {
          reply.header("retry-after", wait);
          throw errors.rateLimited();
        }
        return resource(carryOut(request));
      };
    }
  };

/** What tests need beside the API: ordering faults, reading back, letting time pass. */
const control =
  ({ store, faults, rateLimit, requests, frontend }) =>
  async (app) => {
    app.post("/faults", ({ body }) => {
      faults.order(JSON.parse(body));
      return {};
    });
    app.post("/faults/clear", () => {
      faults.clear();
      return {};
    });
    app.get("/requests", () => requests);
    app.get("/tokens", () => store.all());
    app.post("/rate-limit", ({ body }) => {
      rateLimit.limit = JSON.parse(body).limit;
      return {};
    });
    app.post("/sign-in-limit", ({ body }) => {
      frontend.setSignInLimit(JSON.parse(body).limit);
      return {};
    });
    app.post("/clock", ({ body }) => {
      store.advance(JSON.parse(body).advance);
      return {};
    });
    app.post("/reset", () => {
      store.clear();
      faults.clear();
      frontend.clear();
      requests.length = 0;
      return {};
    });
  };

function authenticate(authorization = "") {
  const [scheme, key] = authorization.split(" ");
  if (scheme !== "Bearer" || !key) throw errors.missingKey();
  if (key !== SECRET_KEY) throw errors.invalidKey();
}

function parse(body) {
  try {
    const params = JSON.parse(body);
    if (params !== null && typeof params === "object" && !Array.isArray(params)) return params;
  } catch {
    // Said below.
  }
  throw errors.malformed();
}

function checkCreate(params) {
  const { user_id, org_id = null, expires_in_seconds = null, ...rest } = params;
  for (const name of Object.keys(rest)) throw errors.unknown(name);
  if (user_id === undefined || user_id === null || user_id === "") throw errors.missing("user_id");
  if (typeof user_id !== "string") throw errors.badFormat("user_id", "a string");
  if (org_id !== null && typeof org_id !== "string") throw errors.badFormat("org_id", "a string");
  if (
    expires_in_seconds !== null &&
    !(Number.isSafeInteger(expires_in_seconds) && expires_in_seconds >= 1)
  ) {
    throw errors.badFormat("expires_in_seconds", "an integer, 1 or more");
  }
  if (!user_id.startsWith("user_")) throw errors.notFound("user");
  if (org_id !== null && !org_id.startsWith("org_")) throw errors.notFound("organization");
}

function page(title, text) {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${escaped}</p></html>`;
}
