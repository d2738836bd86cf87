// Checks the JavaScript side of what users pass: names, types, and what only the runtime understands. The rules for the
// values themselves are the core's.
import { ask, limits, settings } from "./core.js";
import { invalidArgument, redact } from "./error.js";

const CALL_OPTIONS = { signal: ["object", "null"], timeout: ["number"], maxRetries: ["number"], headers: ["object"] };

const CLIENT_OPTIONS = {
  secretKey: ["string", "function"],
  apiUrl: ["string"],
  fetch: ["function"],
  timeout: ["number"],
  maxRetries: ["number"],
  headers: ["object"],
  onAttempt: ["function"],
};

/** The headers that say who asks what of which API: never the user's. */
const RESERVED = ["authorization", "content-type", "clerk-api-version"];

const DEFAULTS = { apiUrl: "https://api.clerk.com", timeout: 10_000, maxRetries: 2 };

/** Refuses anything but a plain object of known, rightly typed fields. A field that is `undefined` counts as absent. */
export function check(what, value, fields) {
  if (value === null || typeof value !== "object") throw invalidArgument(what, "an object");
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(fields, name)) continue;
    throw invalidArgument(redact(name), `no such field; ${what} has ${Object.keys(fields).join(", ")}`);
  }
  for (const [name, types] of Object.entries(fields)) {
    const type = value[name] === null ? "null" : typeof value[name];
    if (type !== "undefined" && !types.includes(type)) throw invalidArgument(name, `a ${types.join(" or ")}`);
  }
}

export function checkClient(given) {
  check("options", given, CLIENT_OPTIONS);
  const { secretKey, fetch, onAttempt } = given;
  if (secretKey === undefined) throw invalidArgument("secretKey", "a string or function");
  const options = withDefaults(given, DEFAULTS);
  const { apiUrl, apiVersion, userAgent, bodyLimit } = ask(settings, options.apiUrl, options.timeout, options.maxRetries);
  const headers = checkHeaders(options.headers);
  return {
    secretKey, fetch, onAttempt, apiUrl, bodyLimit,
    timeout: options.timeout,
    maxRetries: options.maxRetries,
    headers: [["user-agent", userAgent], ...headers, ["clerk-api-version", apiVersion]],
  };
}

export function checkCall(given = {}) {
  check("options", given, CALL_OPTIONS);
  const { timeout, maxRetries } = withDefaults(given, DEFAULTS);
  ask(limits, timeout, maxRetries);
  const { signal } = given;
  if (signal && (typeof signal.aborted !== "boolean" || typeof signal.addEventListener !== "function")) {
    throw invalidArgument("signal", "an AbortSignal");
  }
  return { signal, timeout: given.timeout, maxRetries: given.maxRetries, headers: checkHeaders(given.headers) };
}

function withDefaults(given, defaults) {
  const options = { ...given };
  for (const [name, value] of Object.entries(defaults)) options[name] ??= value;
  return options;
}

function checkHeaders(given) {
  if (given === undefined) return [];
  let headers;
  try {
    headers = [...new Headers(given)];
  } catch {
    // Without the cause: it would quote the header's value.
    throw invalidArgument("headers", "names and values as fetch takes them");
  }
  for (const [name] of headers) {
    if (RESERVED.includes(name)) throw invalidArgument("headers", `none named ${RESERVED.join(", ")}`);
  }
  return headers;
}
