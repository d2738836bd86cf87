// Finds users, so that nobody has to know their IDs. Nothing of it is recorded, and it goes into no
// address that may be logged.
import type { FoundUser, UserPage } from "../contract.ts";
import { refuse } from "./answers.ts";
import { hasUserLookup } from "./config.ts";
import type { Context, Env } from "./types.ts";

const LONGEST_QUERY = 200;
const TIMEOUT_MS = 10_000;

/** The part of Clerk's user that is read. */
interface User {
  id: string;
  username: string | null;
  first_name: string | null;
  last_name: string | null;
  primary_email_address_id: string | null;
  email_addresses: { id?: string; email_address: string }[];
}

export async function findUsers(c: Context) {
  if (!hasUserLookup(c.env)) return refuse("lookup_off");
  const { query } = (await c.req.json().catch(() => undefined)) ?? {};
  if (typeof query !== "string" || !query.trim() || query.length > LONGEST_QUERY)
    return refuse("invalid_query");
  const { success } = await c.env.USER_LOOKUPS.limit({ key: c.var.session.id.toString() });
  if (!success) return refuse("too_many_lookups", { retryAfter: 60 });
  try {
    const response = await ask(c.env, query.trim());
    if (response.status === 429)
      return refuse("too_many_lookups", {
        retryAfter: Number(response.headers.get("retry-after")) || 10,
      });
    if (response.status === 401 || response.status === 403) return refuse("secret_key_refused");
    const found: User[] = await response.json();
    return Response.json({ users: found.map((user) => shown(user, query)) } satisfies UserPage);
  } catch {
    // Never the error itself: it may quote a secret.
    return refuse("lookup_failed");
  }
}

function ask({ CLERK_SECRET_KEY, CLERK_API_URL = "https://api.clerk.com" }: Env, query: string) {
  const search = new URLSearchParams({ query, limit: "5" });
  return fetch(`${CLERK_API_URL.replace(/\/+$/, "")}/v1/users?${search}`, {
    headers: { authorization: `Bearer ${CLERK_SECRET_KEY}`, "clerk-api-version": "2026-05-12" },
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

/** Returns the user with the address that was searched for, or else the primary one. */
function shown({ id, username, first_name, last_name, ...user }: User, query: string): FoundUser {
  const isSearched = ({ email_address: email }: { email_address: string }) =>
    email.toLowerCase().includes(query.trim().toLowerCase());
  const { primary_email_address_id: primary, email_addresses: all } = user;
  const address = all.find(isSearched) ?? all.find((one) => one.id === primary) ?? all[0];
  const name = [first_name, last_name].filter(Boolean).join(" ") || (username ?? "");
  return { id, name, email: address?.email_address ?? "" };
}
