// create: one token, whose link goes to standard output where that was asked for.
import { clientFromEnv } from "./client.js";
import { Failure, UsageError } from "./failure.js";
import { describe, outcomeOf, WHERE_TO_LOOK } from "./words.js";

/** Returns the exit code. */
export async function create(userId, { org: orgId, expires: expiresInSeconds, json, urlOnly }) {
  // A pipe or a log must not get a secret by accident, and a token that nobody sees must not be created.
  if (!json && !urlOnly && !process.stdout.isTTY)
    throw new UsageError(
      "standard output is no terminal: say --url-only or --json to print the secret there",
    );
  const { tokens, apiUrl } = clientFromEnv();
  let token;
  try {
    token = await tokens.create({ userId, orgId, expiresInSeconds });
  } catch (error) {
    if (error.code === "invalid_argument") throw new UsageError(error.message);
    const look =
      outcomeOf(error) === "unknown" ? `. A token may have been created. ${WHERE_TO_LOOK}` : "";
    throw new Failure(`${describe(error, apiUrl)}${look}`);
  }
  if (json) console.log(JSON.stringify(token, undefined, 2));
  else if (urlOnly && !token.url)
    throw new Failure(`${token.id} was created, and has no link: revoke it`);
  else
    console.log(
      urlOnly ? token.url : `${token.id} signs ${token.userId} in:\n${token.url ?? token.token}`,
    );
  return 0;
}
