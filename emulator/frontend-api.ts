// The part of Clerk's Frontend API that redeems a ticket: the requests of @clerk/clerk-js to a
// development instance.
import type { FastifyPluginAsync, FastifyReply } from "fastify";

import { type Client, clientResource, sessionResource, sessionToken } from "./clients.ts";
import { ApiError, rateLimited } from "./errors.ts";
import { play } from "./faults.ts";
import type { BrowserRequest } from "./frontend.ts";
import type { Seen, State } from "./state.ts";

/**
 * The routes, for the prefix `/v1`. clerk-js sends every method but GET as POST, with its name in
 * `_method`.
 */
export const frontendApi =
  (state: State): FastifyPluginAsync =>
  async (app) => {
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
    app.get("/client", (request: BrowserRequest) => alone(frontend.clientOf(request)));
    app.post("/client/sign_ins", createSignIn(state));

    app.post("/client/sessions", (request: BrowserRequest) => {
      const client = frontend.clientOf(request);
      for (const session of client.sessions) session.status = "removed";
      client.signIn = undefined;
      return alone(client);
    });

    app.post("/client/sessions/:id/touch", (request: BrowserRequest) => {
      const { client, session } = frontend.sessionOf(request);
      const organization = new URLSearchParams(request.body).get("active_organization_id");
      session.active_organization_id = organization || null;
      return piggyback(client, sessionResource(session));
    });

    app.post("/client/sessions/:id/tokens", (request: BrowserRequest) =>
      sessionToken(frontend.sessionOf(request).session),
    );
  };

const createSignIn =
  ({ faults, requests, frontend }: State) =>
  async (request: BrowserRequest, reply: FastifyReply) => {
    const { strategy, ticket } = Object.fromEntries(new URLSearchParams(request.body));
    const { url, headers, ip } = request;
    const { __clerk_testing_token: testingToken } = request.query;
    const seen: Seen = { operation: "sign_in", url, headers, strategy, testingToken };
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

const alone = (client: Client) => ({ response: clientResource(client), client: null });

/** Returns an answer with the client beside it, from which clerk-js takes its state. */
const piggyback = (client: Client, response: object) => ({
  response,
  client: clientResource(client),
});

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
