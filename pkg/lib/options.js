// Checks the JavaScript side of what users pass: names, types, and what only the runtime understands. The rules for the
// values themselves are the core's.
import { ask } from "./core.js";
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

const DEFAULTS = { apiUrl: "https://api.clerk.com", timeout: 10_000, maxRetries: 2 };

/** The headers that say who asks what of which API: never the user's. */
const RESERVED = ["authorization", "content-type", "clerk-api-version"];

/**
 * A copy of `value`, which has to be an object of these fields, each of its types, and no others. A field that is
 * `undefined` counts as absent.
 */
export function check(what, value, fields) {
  if (value === null || typeof value !== "object") throw invalidArgument(what, "an object");
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(fields, name)) continue;
    throw invalidArgument(redact(name), `no such field; ${what} has ${Object.keys(fields).join(", ")}`);
  }
  const copy = {};
  for (const [name, types] of Object.entries(fields)) {
    const field = value[name];
    if (field === undefined) continue;
    if (!types.includes(typeOf(field))) throw invalidArgument(name, `a ${types.join(" or ")}`);
    copy[name] = field;
  }
  return copy;
}

/** NaN and the infinities have a type that no field takes. */
function typeOf(value) {
  if (value === null || (typeof value === "number" && !Number.isFinite(value))) return String(value);
  return typeof value;
}

export function checkClient(given) {
  const options = { ...DEFAULTS, ...check("options", given, CLIENT_OPTIONS) };
  if (options.secretKey === undefined) throw invalidArgument("secretKey", "a string or function");
  const { apiUrl, apiVersion, userAgent, bodyLimit } = ask("settings", limits(options));
  const headers = { "user-agent": userAgent, ...checkHeaders(options.headers), "clerk-api-version": apiVersion };
  return { ...options, apiUrl, bodyLimit, headers };
}

/** The options of one call, completed with those of its client. */
export function checkCall(given, client) {
  if (given === undefined) return client;
  const options = { ...client, ...check("options", given, CALL_OPTIONS) };
  if (given.timeout !== undefined || given.maxRetries !== undefined) ask("settings", limits(options));
  const { signal } = options;
  if (signal && (typeof signal.aborted !== "boolean" || typeof signal.addEventListener !== "function")) {
    throw invalidArgument("signal", "an AbortSignal");
  }
  return given.headers ? { ...options, headers: { ...client.headers, ...checkHeaders(options.headers) } } : options;
}

const limits = ({ apiUrl, timeout, maxRetries }) => ({ apiUrl, timeout, maxRetries });

function checkHeaders(given) {
  if (given === undefined) return {};
  let headers;
  try {
    headers = Object.fromEntries(new Headers(given));
  } catch {
    // Without the cause: it would quote the header's value.
    throw invalidArgument("headers", "names and values as fetch takes them");
  }
  for (const name of Object.keys(headers)) {
    if (RESERVED.includes(name)) throw invalidArgument("headers", `none named ${RESERVED.join(", ")}`);
  }
  return headers;
}
