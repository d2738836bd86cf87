// Checks the arguments of a bulk run.

import type { HeadersLike } from "clerk-sign-in-tokens";

import type { ManyOptions, TokenCreator, TokenRevoker } from "../bulk.ts";
import { invalidArgument } from "../error.js";
import { own } from "../platform.js";

/** The options that are whole numbers, with their bounds. */
const NUMBERS: Record<string, [least: number, most: number]> = {
  concurrency: [1, Number.MAX_SAFE_INTEGER],
  maxRetries: [0, Number.MAX_SAFE_INTEGER],
  rateLimit: [1, Number.MAX_SAFE_INTEGER],
  timeout: [1, 2 ** 31 - 1],
};

const FUNCTIONS = ["onPause", "onResume"];

/** The headers that a client sets itself. Each call refuses those that `fetch` forbids. */
const OWN_HEADERS = ["authorization", "content-type", "clerk-api-version"];

const NAMES = [...Object.keys(NUMBERS), ...FUNCTIONS, "signal", "headers"];

/**
 * Checks the arguments of a run. Returns the options of the run, and apart those of its calls.
 * Throws `invalid_argument`.
 */
export function checked(
  tokens: Partial<TokenCreator & TokenRevoker> | undefined,
  method: "create" | "revoke",
  inputs: unknown,
  options: ManyOptions = {},
) {
  if (typeof tokens?.[method] !== "function")
    throw invalidArgument("tokens", `an object with the method ${method}, such as a SignInTokens`);
  if (!isIterable(inputs)) throw invalidArgument("inputs", "an iterable or async iterable");
  if (options === null || typeof options !== "object")
    throw invalidArgument("options", "an object");
  // Only own properties: a polluted `Object.prototype` must not set options.
  const given = own(options);
  for (const [name, value] of Object.entries(given)) {
    if (!NAMES.includes(name))
      throw invalidArgument(name, `a known field; options has ${NAMES.join(", ")}`);
    if (value !== undefined) checkOption(name, value);
  }
  const { concurrency = 20, maxRetries = 10, timeout, headers, rateLimit, ...rest } = given;
  return {
    ...rest,
    concurrency,
    maxRetries,
    ...(rateLimit && { limit: () => rateLimit }),
    // The signal is not passed on: a request that is aborted in flight has an unknown outcome.
    callOptions: {
      maxRetries: 0,
      ...(timeout && { timeout }),
      ...(headers && { headers: entriesOf(headers) }),
    },
  };
}

function checkOption(name: string, value: unknown) {
  if (Object.hasOwn(NUMBERS, name)) {
    const [least, most] = NUMBERS[name];
    const isWhole = typeof value === "number" && Number.isSafeInteger(value);
    if (isWhole && value >= least && value <= most) return;
    const range = name === "timeout" ? `from ${least} to ${most}` : `${least} or more`;
    throw invalidArgument(name, `a whole number, ${range}`);
  }
  if (FUNCTIONS.includes(name) && typeof value !== "function")
    throw invalidArgument(name, "a function");
  if (name === "signal" && value && typeof (value as AbortSignal).aborted !== "boolean")
    throw invalidArgument("signal", "an AbortSignal");
}

/** Reads headers once, because each call reads them and an iterator can be read only once. */
function entriesOf(headers: HeadersLike) {
  let entries;
  try {
    entries = [...new Headers(headers as HeadersInit)];
  } catch {
    throw invalidArgument("headers", "names and values as fetch takes them");
  }
  const reserved = entries.find(([name]) => OWN_HEADERS.includes(name));
  if (reserved) throw invalidArgument("headers", `no ${reserved[0]}, which the client sets`);
  return entries;
}

function isIterable(value: unknown) {
  if (value === null || typeof value !== "object") return false;
  const iterable: Partial<AsyncIterable<unknown> & Iterable<unknown>> = value;
  return Boolean(iterable[Symbol.asyncIterator] ?? iterable[Symbol.iterator]);
}
