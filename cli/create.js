// create: one token. Its link goes to standard output only on request.
import { clientFromEnv, usageError } from "./client.js";
import { Failure, reasonOf, UsageError } from "./errors.js";
import { outcomeOf } from "./facts.js";
import { onInterrupt } from "./interrupt.js";
import { print } from "./output.js";
import { describe, WHERE_TO_LOOK } from "./words.js";

const MAY_EXIST = `A token may have been created. ${WHERE_TO_LOOK}`;

/**
 * @typedef {import("clerk-sign-in-tokens").SignInToken} SignInToken
 * @typedef {{ json?: boolean, urlOnly?: boolean }} Shown what to print of a token
 */

/**
 * Returns the exit code.
 *
 * @param {string} userId
 * @param {Shown & { org?: string, expires?: number }} options
 * @param {import("./terminal.js").Terminal} terminal
 */
export async function create(userId, options, terminal) {
  const { org: orgId, expires: expiresInSeconds, json, urlOnly } = options;
  // A pipe or a log must not get a secret by accident, and no token may be created that nobody sees.
  if (!json && !urlOnly && !process.stdout.isTTY)
    throw new UsageError(
      "standard output is not a terminal: use --url-only or --json to print the secret there",
    );
  const off = onInterrupt(
    () => terminal.say("Waiting for the answer. Press Ctrl-C again to stop at once."),
    () => terminal.error(MAY_EXIST),
  );
  try {
    await show(await send({ userId, orgId, expiresInSeconds }), options);
  } finally {
    off();
  }
  return 0;
}

/** @param {import("clerk-sign-in-tokens").CreateSignInTokenParams} params */
async function send(params) {
  const { tokens, apiUrl } = clientFromEnv();
  try {
    return await tokens.create(params);
  } catch (thrown) {
    const error = /** @type {import("clerk-sign-in-tokens").SignInTokensError} */ (thrown);
    if (error.code === "invalid_argument") throw usageError(error);
    const look = outcomeOf(error) === "unknown" ? `. ${MAY_EXIST}` : "";
    throw new Failure(`${describe(error, apiUrl)}${look}`);
  }
}

/**
 * Prints a token.
 *
 * @param {SignInToken} token
 * @param {Shown} options
 * @throws {Failure} if nobody can see it
 */
async function show(token, options) {
  const text = textOf(token, options);
  if (!text) throw new Failure(`${token.id} was created, but has no link: revoke it`);
  const error = await print(`${text}\n`);
  if (error)
    throw new Failure(
      `${token.id} was created, but could not be written to standard output (${reasonOf(error)}). ` +
        `Revoke it: clerk-sign-in-tokens revoke ${token.id}`,
    );
}

/**
 * @param {SignInToken} token
 * @param {Shown} options
 */
function textOf(token, { json, urlOnly }) {
  if (json) return JSON.stringify(token, undefined, 2);
  return urlOnly ? token.url : `${token.id} signs ${token.userId} in:\n${token.url ?? token.token}`;
}
