// The state of the Frontend API: the browsers, and the number of sign-ins from each address.
import { Clients, signInResource, startSession } from "./clients.js";
import { ApiError, notFound } from "./errors.js";
import { RateLimit } from "./rate-limit.js";
import { redeem } from "./tickets.js";

/**
 * @typedef {import("./clients.js").Client} Client
 * @typedef {import("fastify").FastifyRequest<{
 *   Body: string,
 *   Params: { id: string },
 *   Querystring: { __clerk_db_jwt: string, __clerk_testing_token?: string },
 * }>} BrowserRequest
 */

/** Clerk's limit: sign-ins created in 10 seconds from one address. */
export const SIGN_IN_LIMIT = 5;

/** Users whose ids start so have a second factor, which a ticket does not replace. */
const SECOND_FACTOR_USER = "user_2fa";

export class Frontend {
  clients = new Clients();
  #store;
  #limit;
  /** @type {number | undefined} the limit's window */
  #seconds;
  /** @type {Map<string, RateLimit>} */
  #limits = new Map();

  /** @param {import("./store.js").Store} store */
  constructor(store, limit = SIGN_IN_LIMIT) {
    this.#store = store;
    this.#limit = limit;
  }

  /**
   * Replaces the limit of all addresses.
   *
   * @param {number} limit 0 for no limit
   * @param {number} [seconds] of its window. Default: 10
   */
  setSignInLimit(limit, seconds) {
    this.#limit = limit;
    this.#seconds = seconds;
    this.#limits.clear();
  }

  /**
   * Counts a sign-in. Returns the whole seconds to wait if it is over the limit.
   *
   * @param {string} address
   */
  takeSignIn(address) {
    const limit = this.#limits.get(address) ?? new RateLimit(this.#limit, this.#seconds);
    this.#limits.set(address, limit);
    return limit.take();
  }

  /**
   * Redeems a ticket. Returns the sign-in.
   *
   * @param {Client} client
   * @param {string} ticket
   */
  signIn(client, ticket) {
    if (client.sessions.some(({ status }) => status === "active")) throw sessionExists();
    const token = redeem(this.#store, ticket);
    const needsSecondFactor = token.user_id.startsWith(SECOND_FACTOR_USER);
    client.signIn = needsSecondFactor
      ? signInResource({ status: "needs_second_factor", secondFactors: [{ strategy: "totp" }] })
      : signInResource({ status: "complete", session: startSession(client, token) });
    return client.signIn;
  }

  /** @param {BrowserRequest} request */
  clientOf({ query: { __clerk_db_jwt: browser } }) {
    const client = this.clients.get(browser);
    if (!client) throw unauthenticatedBrowser();
    return client;
  }

  /** @param {BrowserRequest} request */
  sessionOf(request) {
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
