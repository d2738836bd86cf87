#!/usr/bin/env node
// The command: npx clerk-sign-in-tokens create|revoke|bulk, in Node, Deno and Bun.
import { parseArgs } from "node:util";

import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

import { bulk } from "./bulk.js";

const USAGE = `clerk-sign-in-tokens create USER_ID [--org ORG_ID] [--expires 10m]
clerk-sign-in-tokens revoke TOKEN_ID ...
clerk-sign-in-tokens bulk USERS.csv --output RESULTS.ndjson [--expires 7d] [--concurrency 20] [--rate-limit 1000]

The secret key is read from the environment: CLERK_SECRET_KEY. CLERK_API_URL leads elsewhere than to https://api.clerk.com.
--expires takes seconds, or a number with s, m, h or d; without it, tokens last 30 days.

bulk reads CSV (user_id, org_id) or NDJSON, - for standard input. It writes each result into the output file at once, and
goes on where it was when it is started again with the same file: it skips who has a token, or may have one. The file holds
links that sign people in.

Exit codes: 0 all done, 1 not all, 2 not understood, 130 interrupted.`;

const UNITS = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Something about how the command was called. */
class UsageError extends Error {}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError || error.code?.startsWith?.("ERR_PARSE_ARGS");
  console.error(isUsage ? `${error.message}\n\n${USAGE}` : describe(error));
  process.exitCode = isUsage ? 2 : 1;
}

async function main(args) {
  if (args.some((arg) => /sk_(live|test)_/.test(arg))) {
    throw new UsageError(
      "The secret key goes into CLERK_SECRET_KEY, never on the command line: others can read that.",
    );
  }
  const {
    values,
    positionals: [command, ...operands],
  } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h" },
      org: { type: "string" },
      expires: { type: "string" },
      output: { type: "string" },
      concurrency: { type: "string" },
      "rate-limit": { type: "string" },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const commands = { create, revoke, bulk: many };
  if (!Object.hasOwn(commands, command ?? ""))
    throw new UsageError(`Which command? ${Object.keys(commands).join(", ")}`);
  const { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: apiUrl } = process.env;
  if (!secretKey) throw new UsageError("CLERK_SECRET_KEY is not set.");
  return commands[command](new SignInTokens({ secretKey, apiUrl }), operands, values);
}

async function create(tokens, [userId, ...others], { org, expires }) {
  if (userId === undefined || others.length > 0) throw new UsageError("create takes one user id.");
  console.log(
    JSON.stringify(
      await tokens.create({ userId, orgId: org, expiresInSeconds: seconds(expires) }),
      undefined,
      2,
    ),
  );
  return 0;
}

async function revoke(tokens, ids) {
  if (ids.length === 0) throw new UsageError("revoke takes token ids.");
  let exitCode = 0;
  for (const id of ids) {
    try {
      console.log(`${id} ${(await tokens.revoke(id)).status}`);
    } catch (error) {
      console.error(`${id} ${describe(error)}`);
      exitCode = 1;
    }
  }
  return exitCode;
}

function many(
  tokens,
  [input, ...others],
  { output, expires, concurrency, "rate-limit": rateLimit },
) {
  if (input === undefined || others.length > 0)
    throw new UsageError("bulk takes one file, or - for standard input.");
  if (output === undefined) throw new UsageError("bulk needs --output: a file for the results.");
  return bulk(tokens, {
    input,
    output,
    expiresInSeconds: seconds(expires),
    concurrency: count("concurrency", concurrency),
    rateLimit: count("rate-limit", rateLimit),
  });
}

function seconds(text) {
  if (text === undefined) return undefined;
  const [, amount, unit] = text.match(/^(\d+)([smhd]?)$/) ?? [];
  if (!(Number(amount) > 0))
    throw new UsageError("--expires: seconds, or a number with s, m, h or d");
  return Number(amount) * UNITS[unit];
}

function count(name, text) {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--${name}: a whole number, 1 or more`);
  return Number(text);
}

function describe(error) {
  if (!(error instanceof SignInTokensError)) return error.message;
  const { message, errors, clerkTraceId, outcome } = error;
  const parts = [
    message,
    ...errors.map(({ longMessage }) => longMessage),
    clerkTraceId && `trace id ${clerkTraceId}`,
  ];
  if (outcome === "unknown") parts.push("it may have taken effect");
  return parts.filter(Boolean).join("; ");
}
