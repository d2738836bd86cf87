// Calls the Worker of the admin page without a browser, as a visitor or as an admin who has logged in.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { loggedInCookies, PASSWORD } from "../support/site.ts";
import { NOTES, REQUEST_ID } from "../../www/contract.ts";

/** Returns what the tests ask the Worker of `site()` for, without a session. */
export function asVisitor(site) {
  const post = (path, body, headers = {}, init = {}) =>
    fetch(`${site().url}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { origin: site().url, [REQUEST_ID]: crypto.randomUUID(), ...headers },
      ...init,
    });
  return {
    post,
    create: (headers) => post("/v1/sign_in_tokens", { user_id: "user_1" }, headers),
    /** Logs in. Returns the cookie. */
    async cookie() {
      const response = await post("/session", { password: PASSWORD });
      return response.headers.get("set-cookie").split(";")[0];
    },
  };
}

/** Logs in. Returns what the tests ask the Worker for; `more` are further headers. */
export async function asAdmin(site) {
  const [{ name, value }] = await loggedInCookies(site);
  const cookie = `${name}=${value}`;
  const visitor = asVisitor(() => site);
  const post = (path, body, more, init) => visitor.post(path, body, { cookie, ...more }, init);
  return {
    post,
    get: (path, query = {}) =>
      fetch(`${site.url}${path}?${new URLSearchParams(query)}`, {
        headers: { origin: site.url, cookie },
      }),
    create: (userId, more, init) =>
      post("/v1/sign_in_tokens", { user_id: userId, expires_in_seconds: 600 }, more, init),
    revoke: (id, more) => post(`/v1/sign_in_tokens/${id}/revoke`, {}, more),
  };
}

/** Returns the header for the reason of a request, and its run. */
export const noted = (notes) => ({ [NOTES]: String(new URLSearchParams(notes)) });

/** Returns the status and the code of a refusal. */
export const codeOf = async (response) => [response.status, (await response.json()).errors[0].code];

/** Returns what `read` gives once it `holds`: an answer does not wait for its record. */
export async function until(read, holds) {
  for (let left = 400; left > 0; left--) {
    const value = await read();
    if (holds(value)) return value;
    await sleep(50);
  }
  return assert.fail(JSON.stringify(await read()));
}
