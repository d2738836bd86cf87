// The part of Clerk's Frontend API that redeems a ticket: the requests of @clerk/clerk-js to a
// development instance.
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";

import {
  type Client,
  clientResource,
  newClient,
  sessionResource,
  sessionToken,
  signIn,
} from "./clients.ts";
import { ApiError } from "./errors.ts";
import { play } from "./faults.ts";
import type { Seen, State } from "./state.ts";
import { newId } from "./store.ts";

type BrowserRequest = FastifyRequest<{
  Body: string;
  Params: { id: string };
  Querystring: { __clerk_db_jwt: string; __clerk_testing_token?: string };
}>;

/**
 * The routes, for the prefix `/v1`. clerk-js sends every method but GET as POST, with its name in
 * `_method`.
 */
export const frontendApi =
  (state: State): FastifyPluginAsync =>
  async (app) => {
    app.addHook("onRequest", async ({ headers }, reply) => {
      reply.header("access-control-allow-origin", headers.origin ?? "*");
      reply.header("access-control-allow-credentials", "true");
      reply.header("access-control-expose-headers", "retry-after");
      reply.header("vary", "Origin");
    });

    app.post("/dev_browser", () => {
      const id = newId("dvb");
      state.browsers.set(id, newClient());
      return { id };
    });
    app.get("/environment", environment);
    app.post("/environment", environment);
    app.get("/client", (request: BrowserRequest) => alone(clientOf(request, state)));
    app.post("/client/sign_ins", createSignIn(state));

    app.post("/client/sessions", (request: BrowserRequest) => {
      const client = clientOf(request, state);
      client.session = undefined;
      client.signIn = undefined;
      return alone(client);
    });

    app.post("/client/sessions/:id/touch", (request: BrowserRequest) => {
      const session = sessionOf(request, state);
      const organization = new URLSearchParams(request.body).get("active_organization_id");
      session.active_organization_id = organization || null;
      return piggyback(clientOf(request, state), sessionResource(session));
    });

    app.post("/client/sessions/:id/tokens", (request: BrowserRequest) =>
      sessionToken(sessionOf(request, state)),
    );
  };

const createSignIn = (state: State) => async (request: BrowserRequest, reply: FastifyReply) => {
  const { strategy, ticket } = Object.fromEntries(new URLSearchParams(request.body));
  const { url, headers, query } = request;
  const { __clerk_testing_token: testingToken } = query;
  const seen: Seen = { operation: "sign_in", url, headers, strategy, testingToken };
  state.requests.push(seen);
  const fault = state.faults.take("sign_in");
  if (fault?.effect) signIn(clientOf(request, state), state.store, ticket);
  if (fault && (await play(fault, reply, seen))) return reply;
  state.signInLimit.take(reply);
  const client = clientOf(request, state);
  if (strategy !== "ticket")
    throw new ApiError("form_param_value_invalid", "strategy must be ticket here.");
  return piggyback(client, signIn(client, state.store, ticket));
};

function clientOf({ query }: BrowserRequest, { browsers }: State) {
  const client = browsers.get(query.__clerk_db_jwt);
  if (!client) throw new ApiError("dev_browser_unauthenticated");
  return client;
}

function sessionOf(request: BrowserRequest, state: State) {
  const { session } = clientOf(request, state);
  if (session?.id !== request.params.id)
    throw new ApiError("resource_not_found", "No session was found.");
  return session;
}

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
