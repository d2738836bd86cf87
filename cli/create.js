// create: one token. Its link goes to standard output only on request.
import { clientFromEnv } from "./client.js";
import { Failure, UsageError } from "./errors.js";
import { describe, outcomeOf, WHERE_TO_LOOK } from "./words.js";

/**
 * Returns the exit code.
 *
 * @param {string} userId
 * @param {{ org?: string, expires?: number, json?: boolean, urlOnly?: boolean }} options
 */
export async function create(userId, { org: orgId, expires: expiresInSeconds, json, urlOnly }) {
  // A pipe or a log must not get a secret by accident, and no token may be created that nobody sees.
  if (!json && !urlOnly && !process.stdout.isTTY)
    throw new UsageError(
      "standard output is not a terminal: use --url-only or --json to print the secret there",
    );
  const token = await send({ userId, orgId, expiresInSeconds });
  if (json) console.log(JSON.stringify(token, undefined, 2));
  else if (!urlOnly)
    console.log(`${token.id} signs ${token.userId} in:\n${token.url ?? token.token}`);
  else if (token.url) console.log(token.url);
  else throw new Failure(`${token.id} was created, but has no link: revoke it`);
  return 0;
}

/** @param {import("clerk-sign-in-tokens").CreateSignInTokenParams} params */
async function send(params) {
  const { tokens, apiUrl } = clientFromEnv();
  try {
    return await tokens.create(params);
  } catch (thrown) {
    const error = /** @type {import("clerk-sign-in-tokens").SignInTokensError} */ (thrown);
    if (error.code === "invalid_argument") throw new UsageError(error.message);
    const look =
      outcomeOf(error) === "unknown" ? `. A token may have been created. ${WHERE_TO_LOOK}` : "";
    throw new Failure(`${describe(error, apiUrl)}${look}`);
  }
}
