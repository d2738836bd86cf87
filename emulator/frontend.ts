// The state of the Frontend API: the browsers, and the number of sign-ins from each address.
import type { FastifyRequest } from "fastify";

import { type Client, Clients, signInResource, startSession } from "./clients.ts";
import { ApiError, notFound } from "./errors.ts";
import { RateLimit } from "./rate-limit.ts";
import type { Store } from "./store.ts";
import { redeem } from "./tickets.ts";

export type BrowserRequest = FastifyRequest<{
  Body: string;
  Params: { id: string };
  Querystring: { __clerk_db_jwt: string; __clerk_testing_token?: string };
}>;

/** Clerk's limit: sign-ins created in 10 seconds from one address. */
export const SIGN_IN_LIMIT = 5;

/** Users whose ids start so have a second factor, which a ticket does not replace. */
const SECOND_FACTOR_USER = "user_2fa";

export class Frontend {
  clients = new Clients();
  #store: Store;
  #limit: number;
  /** Of the limit's window. */
  #seconds?: number;
  #limits = new Map<string, RateLimit>();

  constructor(store: Store, limit = SIGN_IN_LIMIT) {
    this.#store = store;
    this.#limit = limit;
  }

  /** Replaces the limit of all addresses, and its window. */
  setSignInLimit(limit: number, seconds?: number) {
    this.#limit = limit;
    this.#seconds = seconds;
    this.#limits.clear();
  }

  /** Counts a sign-in. Returns the whole seconds to wait if it is over the limit. */
  takeSignIn(address: string) {
    const limit = this.#limits.get(address) ?? new RateLimit(this.#limit, this.#seconds);
    this.#limits.set(address, limit);
    return limit.take();
  }

  /** Redeems a ticket. Returns the sign-in. */
  signIn(client: Client, ticket: string) {
    if (client.sessions.some(({ status }) => status === "active")) throw sessionExists();
    const token = redeem(this.#store, ticket);
    const needsSecondFactor = token.user_id.startsWith(SECOND_FACTOR_USER);
    client.signIn = needsSecondFactor
      ? signInResource({ status: "needs_second_factor", secondFactors: [{ strategy: "totp" }] })
      : signInResource({ status: "complete", session: startSession(client, token) });
    return client.signIn;
  }

  clientOf({ query: { __clerk_db_jwt: browser } }: BrowserRequest) {
    const client = this.clients.get(browser);
    if (!client) throw unauthenticatedBrowser();
    return client;
  }

  sessionOf(request: BrowserRequest) {
    const client = this.clientOf(request);
    const session = client.sessions.find(({ id }) => id === request.params.id);
    if (session?.status !== "active") throw notFound("session");
    return { client, session };
  }

  clear() {
    this.clients.clear();
    this.#limits.clear();
  }
}

const sessionExists = () =>
  new ApiError(400, "session_exists", "Session already exists", "You're already signed in.");

const unauthenticatedBrowser = () =>
  new ApiError(
    401,
    "dev_browser_unauthenticated",
    "Browser unauthenticated",
    "Unable to authenticate this browser for your development instance.",
  );
