// The operations of Clerk's Backend API on sign-in tokens, its search for users, and the page that
// a token's URL opens.
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";

import { ApiError } from "./errors.ts";
import { type Operation, play } from "./faults.ts";
import type { Seen, State } from "./state.ts";
import { newId, resource, type Store } from "./store.ts";
import { findUsers } from "./users.ts";

/** The key of a development instance. */
export const SECRET_KEY = "sk_test_emulator";

/** The key of a production instance, to which clients send ten times as fast. */
export const LIVE_SECRET_KEY = "sk_live_emulator";

type ApiRequest = FastifyRequest<{
  Body: string;
  Params: { id: string };
  Querystring: Record<string, string>;
}>;

/** The routes, for the prefix `/v1`. */
export const api =
  (state: State): FastifyPluginAsync =>
  async (app) => {
    const { store } = state;

    app.post(
      "/sign_in_tokens",
      operation(state, "create", (request) => {
        const params = parse(request.body);
        checkCreate(params);
        return resource(store.create(params, `${request.protocol}://${request.host}`));
      }),
    );

    app.post(
      "/sign_in_tokens/:id/revoke",
      operation(state, "revoke", ({ params: { id } }) => {
        const entry = store.get(id);
        if (!entry) throw new ApiError("resource_not_found", "No sign in token was found.");
        if (entry.status !== "pending") {
          const text = `This sign in token is ${entry.status} and cannot be revoked.`;
          throw new ApiError("sign_in_token_cannot_be_revoked_code", text);
        }
        return resource(store.move(entry, "revoked"));
      }),
    );

    app.get(
      "/users",
      operation(state, "users", ({ query: { query = "", limit = "10" } }) => {
        if (!/^[1-9]\d{0,2}$/.test(limit) || Number(limit) > 500)
          throw badFormat("limit", "an integer from 1 to 500");
        return findUsers(query).slice(0, Number(limit));
      }),
    );

    app.post("/testing_tokens", ({ headers }) => {
      authenticate(headers.authorization);
      const expires_at = Math.floor(Date.now() / 1000) + 3600;
      return { object: "testing_token", token: newId(String(expires_at)), expires_at };
    });

    app.get("/tickets/accept", accept(store));
  };

/** Returns the handler of an operation. */
function operation(
  { requests, faults, rateLimit }: State,
  name: Operation,
  perform: (request: ApiRequest) => object,
) {
  return async (request: ApiRequest, reply: FastifyReply) => {
    const { method, url, headers, body } = request;
    const seen: Seen = { operation: name, method, url, headers, body: body ?? "" };
    requests.push(seen);
    const fault = faults.take(name);
    if (fault?.effect) perform(request);
    if (fault && (await play(fault, reply, seen))) return reply;
    reply.header("cf-ray", `${Date.now().toString(16)}-EMU`);
    authenticate(headers.authorization);
    rateLimit.take(reply);
    return perform(request);
  };
}

/** Returns the handler of a token's URL. */
function accept(store: Store) {
  return (request: FastifyRequest<{ Querystring: { ticket: string } }>, reply: FastifyReply) => {
    reply.type("text/html");
    try {
      const { user_id } = store.redeem(request.query.ticket);
      return reply.send(page("Signed in", `You are signed in as ${user_id}.`));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const [{ long_message, code }] = error.body.errors;
      return reply.code(error.status).send(page("Sign-in failed", `${long_message} (${code})`));
    }
  };
}

function authenticate(authorization = "") {
  const [scheme, key] = authorization.split(" ");
  if (scheme !== "Bearer" || !key) throw new ApiError("authentication_invalid");
  if (key !== SECRET_KEY && key !== LIVE_SECRET_KEY) throw new ApiError("clerk_key_invalid");
}

function parse(body: string) {
  try {
    const params = JSON.parse(body);
    if (params !== null && typeof params === "object" && !Array.isArray(params)) return params;
  } catch {
    // Thrown below.
  }
  throw new ApiError("request_body_invalid");
}

function checkCreate(params: Record<string, unknown>) {
  const { user_id, org_id = null, expires_in_seconds = null, ...rest } = params;
  for (const name of Object.keys(rest)) {
    const text = `${name} is not a valid parameter for this request.`;
    throw new ApiError("form_param_unknown", text, name);
  }
  if (user_id === undefined || user_id === null || user_id === "")
    throw new ApiError("form_param_missing", "user_id must be included.", "user_id");
  if (typeof user_id !== "string") throw badFormat("user_id", "a string");
  if (org_id !== null && typeof org_id !== "string") throw badFormat("org_id", "a string");
  if (
    expires_in_seconds !== null &&
    !(Number.isSafeInteger(expires_in_seconds) && Number(expires_in_seconds) >= 1)
  ) {
    throw badFormat("expires_in_seconds", "an integer, 1 or more");
  }
  if (!user_id.startsWith("user_")) throw new ApiError("resource_not_found", "No user was found.");
  if (org_id !== null && !org_id.startsWith("org_"))
    throw new ApiError("resource_not_found", "No organization was found.");
}

const badFormat = (name: string, expected: string) =>
  new ApiError("form_param_format_invalid", `${name} must be ${expected}.`, name);

function page(title: string, text: string) {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!doctype html><html lang="en"><meta charset="utf-8">
<title>${title}</title><h1>${title}</h1><p>${escaped}</p></html>`;
}
