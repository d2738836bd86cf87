// Reads who the visitor is from Cloudflare Access's signed header.
import { createRemoteJWKSet, jwtVerify } from "jose";

/** @import { Context } from "./types" */

// Public keys. jose fetches them again for an unknown key.
const keySets = new Map();

/**
 * The e-mail address (or the service token's name) that Access vouches for; `undefined` where it does not.
 *
 * @param {Context} c
 * @returns {Promise<string | undefined>}
 */
export async function accessUser(c) {
  const { ACCESS_TEAM_DOMAIN: issuer, ACCESS_AUD: audience } = c.env;
  const token = c.req.header("cf-access-jwt-assertion");
  if (!issuer || !audience || !token) return undefined;
  try {
    const { payload } = await jwtVerify(token, keySet(issuer), {
      issuer,
      audience,
      algorithms: ["RS256"],
    });
    const name = payload.email ?? payload.common_name;
    return name === undefined ? undefined : String(name);
  } catch {
    return undefined;
  }
}

/** @param {string} issuer */
function keySet(issuer) {
  if (!keySets.has(issuer))
    keySets.set(issuer, createRemoteJWKSet(new URL("/cdn-cgi/access/certs", issuer)));
  return keySets.get(issuer);
}
