// Checks what users pass to a bulk run.
import { invalidArgument } from "../error.js";
import { SignInTokens } from "../wasm/clerk_sign_in_tokens_bg.js";

/** The counts among the options, with the least that each can be. */
const COUNTS = { concurrency: 1, maxRetries: 0, rateLimit: 1 };

const NAMES = [...Object.keys(COUNTS), "signal", "timeout", "headers"];

/** Throws for what is not a client, not inputs, or not options of a run. Returns the options' own properties. */
export function checked(tokens, inputs, options) {
  if (!(tokens instanceof SignInTokens)) throw invalidArgument("tokens", "a SignInTokens");
  if (!isIterable(inputs)) throw invalidArgument("inputs", "an iterable or async iterable");
  if (options === null || typeof options !== "object")
    throw invalidArgument("options", "an object");
  // Not those of its prototype: where `Object.prototype` is polluted, they are an attacker's.
  const own = Object.assign(Object.create(null), options);
  for (const name of Object.keys(own)) {
    if (!NAMES.includes(name)) {
      throw invalidArgument(name, `no such field; options has ${NAMES.join(", ")}`);
    }
  }
  for (const [name, least] of Object.entries(COUNTS)) {
    const value = own[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= least)) {
      throw invalidArgument(name, `a whole number, ${least} or more`);
    }
  }
  const { signal, timeout, headers } = own;
  // A call's rules for these are the client's own.
  new SignInTokens({ secretKey: "", timeout, headers }).free();
  if (signal && typeof signal.aborted !== "boolean") {
    throw invalidArgument("signal", "an AbortSignal");
  }
  return own;
}

function isIterable(value) {
  if (value === null || typeof value !== "object") return false;
  return Boolean(value[Symbol.asyncIterator] ?? value[Symbol.iterator]);
}
