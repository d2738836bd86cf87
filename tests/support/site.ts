// Runs the admin page and its edge function in workerd against the emulator, as they are deployed.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, beforeEach } from "node:test";

import type { Page } from "playwright-core";
import { parseConfigFileTextToJson } from "typescript";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { bundleWorker, startWorker } from "../../scripts/worker.ts";
import { app, copyIntoApp } from "./app.ts";
import { listen } from "./listen.ts";
import { once } from "./once.ts";

export type Site = Awaited<ReturnType<typeof startSite>>;
export type Access = Awaited<ReturnType<typeof startAccess>>;

/** The configuration that has only what a deployment must have, a file beside the other. */
const REQUIRED = "required.json";

export const PASSWORD = "correct horse battery";

/**
 * Starts the site. Returns `{ url, control, worker, stop() }`; `await using` stops it too. `vars`
 * override the Worker's variables. Without `database`, its configuration has only what a deployment
 * must have: it binds no database and sets no variables.
 */
export async function startSite(
  vars: Record<string, string> = {},
  { database = true, persistence }: { database?: boolean; persistence?: string } = {},
) {
  const emulator = await startEmulator({ rateLimit: 0 });
  await once("www", buildSite);
  const worker = await startWorker(join(app, "www"), {
    config: database ? "wrangler.jsonc" : REQUIRED,
    isBundled: true,
    persistence,
    vars: {
      CLERK_SECRET_KEY: SECRET_KEY,
      CLERK_API_URL: emulator.url,
      ADMIN_PASSWORD: PASSWORD,
      ...vars,
    },
  });
  const stop = async () => {
    await worker.stop();
    await emulator.close();
  };
  return {
    url: worker.url,
    worker,
    control: emulator.control,
    emulator,
    output: () => worker.output,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Builds the page, bundles the edge function, and writes the configuration without a database. */
function buildSite() {
  const dir = copyIntoApp("www");
  bundleWorker(dir);
  const text = readFileSync(join(dir, "wrangler.jsonc"), "utf8");
  const { d1_databases: _, vars, ...required } = parseConfigFileTextToJson("", text).config;
  assert.ok(vars);
  writeFileSync(join(dir, REQUIRED), JSON.stringify(required));
}

/** Starts the site of a test file, whose emulator is reset before each test. */
export async function useSite(...options: Parameters<typeof startSite>) {
  const site = await startSite(...options);
  beforeEach(() => site.control.reset());
  after(() => site.stop());
  return site;
}

/**
 * Starts a stub of Cloudflare Access. Returns `{ vars, jwt(claims, key), answer }`: the
 * Worker's `vars` for it, and the JWT that Access adds to a visitor's requests. `answer`, a status
 * or a text, takes the place of its keys. `using` stops it.
 */
export async function startAccess() {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "1", alg: "RS256" }] };
  const server = createServer((_, response) => {
    const { answer = JSON.stringify(keys) } = access;
    response.writeHead(typeof answer === "number" ? answer : 200, {
      "content-type": "application/json",
    });
    response.end(String(answer));
  });
  const issuer = `http://127.0.0.1:${await listen(server)}`;
  const access = {
    answer: undefined as number | string | undefined,
    vars: { ADMIN_PASSWORD: "", ACCESS_TEAM_DOMAIN: issuer, ACCESS_AUD: "audience" },
    jwt: (claims: JWTPayload = {}, key = privateKey) =>
      new SignJWT({ email: "admin@example.com", iss: issuer, aud: "audience", ...claims })
        .setProtectedHeader({ alg: "RS256", kid: "1" })
        .setExpirationTime("5m")
        .sign(key),
    [Symbol.dispose]: () => void server.close(),
  };
  return access;
}

/** Logs in and returns the cookies. Tests reuse them, because password attempts are limited. */
export async function loggedInCookies(site: Pick<Site, "url">) {
  const response = await fetch(`${site.url}/session`, {
    method: "POST",
    headers: { origin: site.url },
    body: JSON.stringify({ password: PASSWORD }),
  });
  const [, name, value] = response.headers.get("set-cookie")?.match(/^([^=]+)=([^;]+)/) ?? [];
  return [{ name, value, url: site.url }];
}

export async function logIn(page: Page, password = PASSWORD) {
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}
