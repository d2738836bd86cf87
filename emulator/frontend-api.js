// The part of Clerk's Frontend API that redeeming a ticket takes: what @clerk/clerk-js asks of a development instance.
import {
  clientResource,
  Clients,
  sessionResource,
  sessionToken,
  signInResource,
  startSession,
} from "./clients.js";
import { ApiError, notFound, rateLimited } from "./errors.js";
import { play } from "./faults.js";
import { RateLimit } from "./rate-limit.js";
import { redeem } from "./tickets.js";

/** Clerk's limit: sign-ins created in 10 seconds from one address. */
export const SIGN_IN_LIMIT = 5;

/** Users whose ids start so have a second factor that the ticket does not stand in for. */
const SECOND_FACTOR_USER = "user_2fa";

/** What the Frontend API keeps: the browsers, and how many sign-ins came from each address. */
export class Frontend {
  clients = new Clients();
  #store;
  #limit;
  #limits = new Map();

  constructor(store, limit = SIGN_IN_LIMIT) {
    this.#store = store;
    this.#limit = limit;
  }

  /** Sets the limit from now on, for every address; 0 for none. */
  setSignInLimit(limit) {
    this.#limit = limit;
    this.#limits.clear();
  }

  /** Counts a sign-in. Gives the whole seconds to wait where it is one too many. */
  takeSignIn(address) {
    const limit = this.#limits.get(address) ?? new RateLimit(this.#limit);
    this.#limits.set(address, limit);
    return limit.take();
  }

  signIn(client, ticket) {
    if (client.sessions.some(({ status }) => status === "active")) throw sessionExists();
    const token = redeem(this.#store, ticket);
    const needsSecondFactor = token.user_id.startsWith(SECOND_FACTOR_USER);
    client.signIn = needsSecondFactor
      ? signInResource({ status: "needs_second_factor", secondFactors: [{ strategy: "totp" }] })
      : signInResource({ status: "complete", session: startSession(client, token) });
    return client.signIn;
  }

  clientOf({ query: { __clerk_db_jwt: browser } }) {
    const client = this.clients.get(browser);
    if (!client) throw unauthenticatedBrowser();
    return client;
  }

  sessionOf(request) {
    const client = this.clientOf(request);
    const session = client.sessions.find(({ id }) => id === request.params.id);
    if (session?.status !== "active") throw notFound("session");
    return [client, session];
  }

  clear() {
    this.clients.clear();
    this.#limits.clear();
  }
}

/** The routes, for the prefix `/v1`. clerk-js sends every method but GET as POST, with its name in `_method`. */
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
  app.get("/client", (request) => alone(frontend.clientOf(request)));
  app.post("/client/sign_ins", createSignIn(state));

  app.post("/client/sessions", (request) => {
    const client = frontend.clientOf(request);
    for (const session of client.sessions) session.status = "removed";
    client.signIn = undefined;
    return alone(client);
  });

  app.post("/client/sessions/:id/touch", (request) => {
    const [client, session] = frontend.sessionOf(request);
    const organization = new URLSearchParams(request.body).get("active_organization_id");
    session.active_organization_id = organization || null;
    return piggyback(client, sessionResource(session));
  });

  app.post("/client/sessions/:id/tokens", (request) =>
    sessionToken(frontend.sessionOf(request)[1]),
  );
};

const createSignIn =
  ({ faults, requests, frontend }) =>
  async (request, reply) => {
    const { strategy, ticket } = Object.fromEntries(new URLSearchParams(request.body));
    const { url, headers, ip } = request;
    const { __clerk_testing_token: testingToken } = request.query;
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

const alone = (client) => ({ response: clientResource(client), client: null });

/** An answer with the client beside it, from which clerk-js takes its state. */
const piggyback = (client, response) => ({ response, client: clientResource(client) });

/** A development instance with everything at clerk-js's own default. */
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

const sessionExists = () =>
  new ApiError(400, "session_exists", "Session already exists", "You're already signed in.");

const strategyInvalid = () =>
  new ApiError(422, "form_param_value_invalid", "is invalid", "strategy must be ticket here.");

const unauthenticatedBrowser = () =>
  new ApiError(
    401,
    "dev_browser_unauthenticated",
    "Browser unauthenticated",
    "Unable to authenticate this browser for your development instance.",
  );
