// create: one token. Its link goes to standard output only on request.
import { type SignInToken, SignInTokensError } from "clerk-sign-in-tokens";

import { clientFromEnv, usageError } from "./client.ts";
import { Failure, reasonOf, UsageError } from "./errors.ts";
import { onInterrupt } from "./interrupt.ts";
import { print } from "./output.ts";
import type { Terminal } from "./terminal.ts";
import { describe, WHERE_TO_LOOK } from "./words.ts";

const MAY_EXIST = `A token may have been created. ${WHERE_TO_LOOK}`;

type Options = { org?: string; expires: number; json?: boolean; urlOnly?: boolean };

export async function create(userId: string, options: Options, terminal: Terminal) {
  const { org: orgId, expires: expiresInSeconds, json, urlOnly } = options;
  // No pipe or log must get a secret by accident, and no token be created that nobody sees.
  if (!json && !urlOnly && !process.stdout.isTTY)
    throw new UsageError(
      "standard output is not a terminal: use --url-only or --json to print the secret there",
    );
  const off = onInterrupt(
    () => terminal.say("Waiting for the answer. Press Ctrl-C again to stop at once."),
    () => terminal.error(MAY_EXIST),
  );
  const { tokens, apiUrl } = clientFromEnv();
  try {
    await show(await tokens.create({ userId, orgId, expiresInSeconds }), options);
  } catch (error) {
    if (!(error instanceof SignInTokensError)) throw error;
    if (error.code === "invalid_argument") throw usageError(error);
    const look = error.outcome === "unknown" ? `. ${MAY_EXIST}` : "";
    throw new Failure(`${describe(error, apiUrl)}${look}`);
  } finally {
    off();
  }
  return 0;
}

/** Prints a token. Throws if nobody can see it. */
async function show(token: SignInToken, { json, urlOnly }: Options) {
  const { id, userId, url, token: ticket } = token;
  const shown = urlOnly ? url : `${id} signs ${userId} in:\n${url ?? ticket}`;
  const text = json ? JSON.stringify(token, undefined, 2) : shown;
  if (!text) throw new Failure(`${id} was created, but has no link: revoke it`);
  const error = await print(`${text}\n`);
  if (error)
    throw new Failure(
      `${id} was created, but could not be written to standard output (${reasonOf(error)}). ` +
        `Revoke it: clerk-sign-in-tokens revoke ${id}`,
    );
}
