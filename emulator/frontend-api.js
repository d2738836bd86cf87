// The part of Clerk's Frontend API that redeems a ticket: the requests of @clerk/clerk-js to a development instance.
import { clientResource, sessionResource, sessionToken } from "./clients.js";
import { ApiError, rateLimited } from "./errors.js";
import { play } from "./faults.js";

/**
 * @typedef {import("./frontend.js").BrowserRequest} BrowserRequest
 * @typedef {import("./clients.js").Client} Client
 */

/**
 * The routes, for the prefix `/v1`. clerk-js sends every method but GET as POST, with its name in `_method`.
 *
 * @param {import("./state.js").State} state
 * @returns {import("fastify").FastifyPluginAsync}
 */
export const frontendApi = (state) => async (app) => {
  const { frontend } = state;
  app.addHook("onRequest", async ({ headers }, reply) => {
    reply.header("access-control-allow-origin", headers.origin ?? "*");
    reply.header("access-control-allow-credentials", "true");
    reply.header("access-control-expose-headers", "retry-after");
    reply.header("vary", "Origin");
  });

  app.post("/dev_browser", () => ({ id: frontend.clients.createBrowser() }));
  app.get("/environment", environment);
  app.post("/environment", environment);
  app.get("/client", (/** @type {BrowserRequest} */ request) => alone(frontend.clientOf(request)));
  app.post("/client/sign_ins", createSignIn(state));

  app.post("/client/sessions", (/** @type {BrowserRequest} */ request) => {
    const client = frontend.clientOf(request);
    for (const session of client.sessions) session.status = "removed";
    client.signIn = undefined;
    return alone(client);
  });

  app.post("/client/sessions/:id/touch", (/** @type {BrowserRequest} */ request) => {
    const { client, session } = frontend.sessionOf(request);
    const organization = new URLSearchParams(request.body).get("active_organization_id");
    session.active_organization_id = organization || null;
    return piggyback(client, sessionResource(session));
  });

  app.post("/client/sessions/:id/tokens", (/** @type {BrowserRequest} */ request) =>
    sessionToken(frontend.sessionOf(request).session),
  );
};

/** @param {import("./state.js").State} state */
const createSignIn =
  ({ faults, requests, frontend }) =>
  async (
    /** @type {BrowserRequest} */ request,
    /** @type {import("fastify").FastifyReply} */ reply,
  ) => {
    const { strategy, ticket } = Object.fromEntries(new URLSearchParams(request.body));
    const { url, headers, ip } = request;
    const { __clerk_testing_token: testingToken } = request.query;
    /** @type {import("./state.js").Seen} */
    const seen = { operation: "sign_in", url, headers, strategy, testingToken };
    requests.push(seen);
    const fault = faults.take("sign_in");
    if (fault?.effect) frontend.signIn(frontend.clientOf(request), ticket);
    if (fault && (await play(fault, reply, seen))) return reply;
    const wait = frontend.takeSignIn(ip);
    if (wait !== undefined) {
      reply.header("retry-after", wait);
      throw rateLimited();
    }
    const client = frontend.clientOf(request);
    if (strategy !== "ticket") throw strategyInvalid();
    return piggyback(client, frontend.signIn(client, ticket));
  };

/** @param {Client} client */
const alone = (client) => ({ response: clientResource(client), client: null });

/**
 * Returns an answer with the client beside it, from which clerk-js takes its state.
 *
 * @param {Client} client
 * @param {object} response
 */
const piggyback = (client, response) => ({ response, client: clientResource(client) });

/** Returns a development instance, with all settings at clerk-js's own defaults. */
const environment = () => ({
  object: "environment",
  id: "env_emulator",
  auth_config: { object: "auth_config", id: "aconf_emulator", single_session_mode: true },
  display_config: {
    object: "display_config",
    id: "display_config_emulator",
    instance_environment_type: "development",
    application_name: "emulator",
  },
});

const strategyInvalid = () =>
  new ApiError(422, "form_param_value_invalid", "is invalid", "strategy must be ticket here.");
