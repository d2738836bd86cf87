// Calls the Worker of the admin page without a browser, as a visitor or as an admin who has logged
// in.
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { type AnswerCode, ANSWERS, NOTES, type Notes, REQUEST_ID } from "../../www/contract.ts";
import { app } from "../support/app.ts";
import { loggedInCookies, type Site } from "../support/site.ts";

type Headers = Record<string, string>;
export type Query = Record<string, string | number>;

/** Returns what the tests ask the Worker of `site` for. `own` are headers of each request. */
export function asVisitor(site: Pick<Site, "url">, own: Headers = {}) {
  const post = (path: string, body: unknown, headers: Headers = {}, init: RequestInit = {}) =>
    fetch(`${site.url}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { origin: site.url, [REQUEST_ID]: crypto.randomUUID(), ...own, ...headers },
      ...init,
    });
  return {
    post,
    get: (path: string, query: Query = {}) =>
      fetch(`${site.url}${path}?${new URLSearchParams(query as Headers)}`, { headers: own }),
    create: (userId = "user_1", headers?: Headers, init?: RequestInit) =>
      post("/v1/sign_in_tokens", { user_id: userId, expires_in_seconds: 600 }, headers, init),
    revoke: (id: string, headers?: Headers) => post(`/v1/sign_in_tokens/${id}/revoke`, {}, headers),
  };
}

/** Logs in. Returns what the tests ask the Worker for. */
export const asAdmin = async (site: Pick<Site, "url">) =>
  asVisitor(site, { cookie: await cookieOf(site) });

/** Logs in. Returns the cookie. */
export async function cookieOf(site: Pick<Site, "url">) {
  const [{ name, value }] = await loggedInCookies(site);
  return `${name}=${value}`;
}

/** Imports a file of the Worker, as it is where the package is installed. */
export const workerModule = (file: string) => import(join(app, "www", "worker", file));

/** Returns the header for the reason of a request, and its run. */
export const noted = (notes: Notes) => ({ [NOTES]: String(new URLSearchParams({ ...notes })) });

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

/**
 * Returns what `attempt(round)` returns. If a minute ended meanwhile, attempts it anew: a limiter
 * counts from one full minute to the next.
 */
export async function withinMinute<T>(attempt: (round: number) => Promise<T>) {
  const minute = (time: number) => Math.floor(time / 60_000);
  for (let round = 0; ; round++) {
    // The Worker's clock may be a moment behind.
    const begun = minute(Date.now() - 1000);
    const result = await attempt(round);
    if (minute(Date.now()) === begun) return result;
  }
}
