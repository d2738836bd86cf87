// Makes one call of the installed package for a test, in whatever runtime this runs, and tells what came of it.
import { meteredController, pending } from "./meter.js";

import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";
import { createMany } from "clerk-sign-in-tokens/bulk";

// One client for many requests, as people write it.
const clients = new Map();

// Made when the module is loaded, as a Worker's global scope may; where it leads is told later.
let topLevelUrl;
const topLevel = {
  events: [],
  tokens: new SignInTokens({
    secretKey: "sk_test_emulator",
    fetch: (url, init) => fetch(url.replace("https://api.clerk.com", topLevelUrl), init),
  }),
};

function clientFor(options) {
  if (options.topLevel) {
    topLevelUrl = options.topLevel;
    return topLevel;
  }
  const name = JSON.stringify(options);
  if (!clients.has(name)) {
    const events = [];
    clients.set(name, { events, tokens: new SignInTokens({ ...options, onAttempt: (event) => events.push(event) }) });
  }
  return clients.get(name);
}

/**
 * Makes the call with a client of these options, or with the one made at top level (`{ topLevel: url }`), and gives `{ token }`, `{ error }` or `{ aborted }` (whether the signal's own reason came through), with
 * `events` where asked for, `pending` with `meter`, and every rendering of what was thrown with `inspect`.
 */
async function call({ client, operation, argument, options, abortAfter, meter, inspect }) {
  const { tokens, events } = clientFor(client);
  const controller = meteredController();
  const reason = { why: "changed my mind" };
  if (abortAfter === 0) controller.abort(reason);
  else if (abortAfter) setTimeout(() => controller.abort(reason), abortAfter);
  const result = {};
  events.length = 0;
  try {
    result.token = await tokens[operation](argument, { ...options, signal: controller.signal });
  } catch (error) {
    if (error === reason) result.aborted = true;
    else result.error = spell(error);
    if (inspect) result.renderings = render(error, tokens, events);
  }
  if (meter) result.pending = await pending();
  return { ...result, events: [...events] };
}

/** Creates a token for each of `inputs`: what came of which. */
async function many({ client, inputs }) {
  const results = [];
  for await (const { index, token, error } of createMany(clientFor(client).tokens, inputs)) {
    results[index] = token?.userId ?? error.code;
  }
  return { results };
}

function spell(error) {
  const { name, message, code, status, outcome, attempts, errors, clerkTraceId, retryAfter } = error;
  const isSignInTokensError = error instanceof SignInTokensError && error instanceof Error;
  return { isSignInTokensError, name, message, code, status, outcome, attempts, errors, clerkTraceId, retryAfter };
}

/** All the ways in which an error, a client and an event come to light. */
function render(error, client, events) {
  const things = [error, error?.cause, error?.cause?.cause, client, events, { error, client }];
  console.log(...things);
  const inspect = globalThis.Deno?.inspect ?? globalThis.Bun?.inspect ?? globalThis.nodeInspect ?? (() => "");
  return things.flatMap((thing) => [
    String(thing), String(thing?.stack), JSON.stringify(thing) ?? "",
    inspect(thing, { depth: 10, showHidden: true }),
    JSON.stringify(Object.getOwnPropertyNames(thing ?? {}).map((name) => String(thing[name]))),
  ]);
}

export function answer(asked) {
  return asked.inputs ? many(asked) : call(asked);
}

export async function handle(request) {
  return Response.json(await answer(await request.json()));
}
