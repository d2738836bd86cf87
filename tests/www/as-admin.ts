// Calls the Worker of the admin page without a browser, as a visitor or as an admin who has logged
// in.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { type AnswerCode, ANSWERS, NOTES, type Notes, REQUEST_ID } from "../../www/contract.ts";
import { loggedInCookies, PASSWORD, type Site } from "../support/site.ts";

export type Admin = Awaited<ReturnType<typeof asAdmin>>;

type Headers = Record<string, string>;

/** Returns what the tests ask the Worker of `site()` for, without a session. */
export function asVisitor(site: () => Pick<Site, "url">) {
  const post = (path: string, body: unknown, headers: Headers = {}, init: RequestInit = {}) =>
    fetch(`${site().url}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { origin: site().url, [REQUEST_ID]: crypto.randomUUID(), ...headers },
      ...init,
    });
  return {
    post,
    create: (headers?: Headers) => post("/v1/sign_in_tokens", { user_id: "user_1" }, headers),
    /** Logs in. Returns the cookie. */
    async cookie() {
      const response = await post("/session", { password: PASSWORD });
      return String(response.headers.get("set-cookie")).split(";")[0];
    },
  };
}

/** Logs in. Returns what the tests ask the Worker for; `more` are further headers. */
export async function asAdmin(site: Pick<Site, "url">) {
  const [{ name, value }] = await loggedInCookies(site);
  const cookie = `${name}=${value}`;
  const visitor = asVisitor(() => site);
  const post = (path: string, body: unknown, more?: Headers, init?: RequestInit) =>
    visitor.post(path, body, { cookie, ...more }, init);
  return {
    post,
    get: (path: string, query: Record<string, string | number> = {}) =>
      fetch(`${site.url}${path}?${new URLSearchParams(query as Record<string, string>)}`, {
        headers: { origin: site.url, cookie },
      }),
    create: (userId: string, more?: Headers, init?: RequestInit) =>
      post("/v1/sign_in_tokens", { user_id: userId, expires_in_seconds: 600 }, more, init),
    revoke: (id: string, more?: Headers) => post(`/v1/sign_in_tokens/${id}/revoke`, {}, more),
  };
}

/** Returns the header for the reason of a request, and its run. */
export const noted = (notes: Notes) => ({
  [NOTES]: String(new URLSearchParams(notes as Record<string, string>)),
});

/** Returns the code of a refusal. Its status must be the one in the table. */
export async function codeOf(response: Response) {
  const [{ code }] = (await response.json()).errors as [{ code: AnswerCode }];
  assert.equal(response.status, ANSWERS[code]?.status, code);
  return code;
}

/** Returns what `read` gives once `isDone` says so: an answer does not wait for its record. */
export async function until<T>(read: () => T | Promise<T>, isDone: (value: T) => boolean) {
  for (let left = 400; left > 0; left--) {
    const value = await read();
    if (isDone(value)) return value;
    await sleep(50);
  }
  return assert.fail(JSON.stringify(await read()));
}
