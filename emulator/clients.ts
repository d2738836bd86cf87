// The browsers of the emulator's Frontend API: each is a Clerk client with its session and its
// sign-in. The answers have only the fields for which clerk-js has no default.
import { ApiError } from "./errors.ts";
import { newId, type Store } from "./store.ts";

const SESSION_SECONDS = 7 * 24 * 3600;
const SESSION_TOKEN_SECONDS = 60;

/** Users whose ids start so have a second factor, which a ticket does not replace. */
const SECOND_FACTOR_USER = "user_2fa";

export interface Session {
  id: string;
  user_id: string;
  /** The id of the ticket's organization. */
  org_id?: string | null;
  active_organization_id: string | null;
  createdAt: number;
}

export interface Client {
  id: string;
  createdAt: number;
  /** Of the user who is signed in. */
  session?: Session;
  signIn?: object;
}

export const newClient = (): Client => ({ id: newId("client"), createdAt: Date.now() });

/** Redeems a ticket, and starts a session of its user. Returns the sign-in. */
export function signIn(client: Client, store: Store, ticket: string) {
  if (client.session) throw new ApiError("session_exists");
  const { user_id, org_id } = store.redeem(ticket);
  const needsSecondFactor = user_id.startsWith(SECOND_FACTOR_USER);
  if (!needsSecondFactor) {
    const active_organization_id = org_id ?? null;
    const createdAt = Date.now();
    client.session = { id: newId("sess"), user_id, org_id, active_organization_id, createdAt };
  }
  client.signIn = {
    object: "sign_in_attempt",
    id: newId("sia"),
    status: needsSecondFactor ? "needs_second_factor" : "complete",
    supported_identifiers: ["email_address"],
    supported_first_factors: [{ strategy: "ticket" }],
    supported_second_factors: needsSecondFactor ? [{ strategy: "totp" }] : null,
    first_factor_verification: { status: "verified", strategy: "ticket" },
    identifier: null,
    created_session_id: client.session?.id ?? null,
  };
  return client.signIn;
}

export function clientResource({ id, session, signIn, createdAt }: Client) {
  return {
    object: "client",
    id,
    sessions: session ? [sessionResource(session)] : [],
    sign_in: signIn ?? null,
    last_active_session_id: session?.id ?? null,
    created_at: createdAt,
    updated_at: Date.now(),
  };
}

export function sessionResource(session: Session) {
  const { id, user_id, createdAt } = session;
  return {
    object: "session",
    id,
    status: "active",
    expire_at: createdAt + SESSION_SECONDS * 1000,
    abandon_at: createdAt + 30 * 24 * 3600 * 1000,
    factor_verification_age: [0, -1],
    last_active_at: Date.now(),
    last_active_organization_id: session.active_organization_id,
    last_active_token: sessionToken(session),
    user: userResource(session),
    public_user_data: { user_id, identifier: `${user_id}@example.com` },
    created_at: createdAt,
    updated_at: Date.now(),
  };
}

/** Returns a session token. Its signature is not valid: browsers do not check it. */
export function sessionToken({ id, user_id, active_organization_id }: Session) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    exp: now + SESSION_TOKEN_SECONDS,
    iat: now,
    iss: "https://emulator.clerk.accounts.dev",
    nbf: now - 10,
    sid: id,
    sub: user_id,
    v: 2,
    ...(active_organization_id && { o: { id: active_organization_id, rol: "member" } }),
  };
  const jwt = [{ alg: "RS256", typ: "JWT" }, claims, "emulator"]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return { object: "token", jwt };
}

function userResource({ user_id: id, org_id, createdAt }: Session) {
  const times = { created_at: createdAt, updated_at: createdAt };
  const email = { object: "email_address", id: `idn_${id}`, email_address: `${id}@example.com` };
  const organization = { object: "organization", id: org_id, name: org_id, slug: org_id, ...times };
  const membership = {
    object: "organization_membership",
    id: `orgmem_${org_id}_${id}`,
    role: "org:member",
    role_name: "Member",
    organization,
    ...times,
  };
  return {
    object: "user",
    id,
    email_addresses: [email],
    primary_email_address_id: email.id,
    organization_memberships: org_id ? [membership] : [],
    ...times,
  };
}
