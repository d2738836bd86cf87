// The browsers of the emulator's Frontend API: each is a Clerk client with its sessions and its
// sign-in.
import { type Entry, newId } from "./store.ts";

const SESSION_SECONDS = 7 * 24 * 3600;
const SESSION_TOKEN_SECONDS = 60;

export interface Session {
  id: string;
  status: "active" | "removed";
  user_id: string;
  /** The ids. */
  organizations: string[];
  active_organization_id: string | null;
  createdAt: number;
}

export interface Client {
  id: string;
  createdAt: number;
  sessions: Session[];
  signIn?: ReturnType<typeof signInResource>;
}

interface SignIn {
  status: string;
  session?: Session;
  secondFactors?: { strategy: string }[];
}

export class Clients {
  #byBrowser = new Map<string, Client>();

  /** Creates a development browser. Returns its id. */
  createBrowser() {
    const browser = newId("dvb");
    this.#byBrowser.set(browser, { id: newId("client"), createdAt: Date.now(), sessions: [] });
    return browser;
  }

  get(browser: string) {
    return this.#byBrowser.get(browser);
  }

  clear() {
    this.#byBrowser.clear();
  }
}

/** Starts a session of a token's user, with the token's organization. */
export function startSession(client: Client, { user_id, org_id }: Entry) {
  const session: Session = {
    id: newId("sess"),
    status: "active",
    user_id,
    organizations: org_id ? [org_id] : [],
    active_organization_id: org_id ?? null,
    createdAt: Date.now(),
  };
  client.sessions.push(session);
  return session;
}

export function clientResource(client: Client) {
  const active = client.sessions.filter(({ status }) => status === "active");
  return {
    object: "client",
    id: client.id,
    sessions: active.map(sessionResource),
    sign_in: client.signIn ?? null,
    sign_up: null,
    last_active_session_id: active.at(-1)?.id ?? null,
    last_authentication_strategy: null,
    cookie_expires_at: null,
    captcha_bypass: false,
    created_at: client.createdAt,
    updated_at: Date.now(),
  };
}

export function signInResource({ status, session, secondFactors }: SignIn) {
  return {
    object: "sign_in_attempt",
    id: newId("sia"),
    status,
    supported_identifiers: ["email_address"],
    supported_first_factors: [{ strategy: "ticket" }],
    supported_second_factors: secondFactors ?? null,
    first_factor_verification: {
      status: "verified",
      strategy: "ticket",
      attempts: null,
      expire_at: null,
    },
    second_factor_verification: null,
    identifier: null,
    user_data: null,
    created_session_id: session?.id ?? null,
    abandon_at: Date.now() + 24 * 3600 * 1000,
  };
}

export function sessionResource(session: Session) {
  const { id, status, createdAt } = session;
  return {
    object: "session",
    id,
    status,
    expire_at: createdAt + SESSION_SECONDS * 1000,
    abandon_at: createdAt + 30 * 24 * 3600 * 1000,
    factor_verification_age: [0, -1],
    last_active_at: Date.now(),
    last_active_organization_id: session.active_organization_id,
    last_active_token: sessionToken(session),
    actor: null,
    tasks: null,
    user: userResource(session),
    public_user_data: publicUserData(session),
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

function userResource(session: Session) {
  const { user_id, organizations, createdAt } = session;
  const email = {
    object: "email_address",
    id: `idn_${user_id}`,
    email_address: `${user_id}@example.com`,
    verification: null,
    linked_to: [],
    matches_sso_connection: false,
  };
  return {
    object: "user",
    id: user_id,
    email_addresses: [email],
    primary_email_address_id: email.id,
    organization_memberships: organizations.map((id) => membershipResource(id, session)),
    created_at: createdAt,
    updated_at: createdAt,
  };
}

function membershipResource(id: string, session: Session) {
  const { createdAt: created_at } = session;
  return {
    object: "organization_membership",
    id: `orgmem_${id}_${session.user_id}`,
    role: "org:member",
    role_name: "Member",
    permissions: [],
    public_metadata: {},
    organization: {
      object: "organization",
      id,
      name: id,
      slug: id,
      image_url: "",
      has_image: false,
      public_metadata: {},
      created_at,
      updated_at: created_at,
    },
    public_user_data: publicUserData(session),
    created_at,
    updated_at: created_at,
  };
}

function publicUserData({ user_id }: Session) {
  return {
    user_id,
    first_name: null,
    last_name: null,
    image_url: "",
    has_image: false,
    identifier: `${user_id}@example.com`,
  };
}
