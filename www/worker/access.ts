// Reads who the visitor is from Cloudflare Access's signed header.
import { createRemoteJWKSet, errors, jwtVerify } from "jose";

import { accessIssuer } from "./config.ts";
import type { Context } from "./types.ts";

/** Public keys. jose fetches them again for an unknown key. */
const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

/** Errors of jose that are about the keys. All its others are about the token. */
const ABOUT_KEYS = [errors.JOSEError, errors.JWKSTimeout, errors.JWKSInvalid].map(
  ({ code }) => code,
);

/**
 * The e-mail address (or the service token's name) that Access vouches for; `undefined` where it
 * does not. Throws if Access's keys cannot be read.
 */
export async function accessUser(c: Context) {
  const issuer = accessIssuer(c.env);
  const token = c.req.header("cf-access-jwt-assertion");
  if (!issuer || !token) return undefined;
  try {
    const { payload } = await jwtVerify(token, keySet(issuer), {
      issuer,
      audience: c.env.ACCESS_AUD,
      algorithms: ["RS256"],
    });
    const name = payload.email ?? payload.common_name;
    return name === undefined ? undefined : String(name);
  } catch (error) {
    if (error instanceof errors.JOSEError && !ABOUT_KEYS.includes(error.code)) return undefined;
    throw error;
  }
}

function keySet(issuer: string) {
  const known = keySets.get(issuer) ?? createRemoteJWKSet(new URL("/cdn-cgi/access/certs", issuer));
  keySets.set(issuer, known);
  return known;
}
