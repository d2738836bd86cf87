// Checks the JavaScript side of what users pass: names, types, and what only the runtime understands. The rules for the
// values themselves are the core's.
import { ask, settings } from "./core.js";
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
  const { secretKey, fetch, onAttempt, timeout = 10_000, maxRetries = 2 } = given;
  if (secretKey === undefined) throw invalidArgument("secretKey", "a string or function");
  const { apiUrl, apiVersion, userAgent, bodyLimit } = ask(settings, given.apiUrl ?? "https://api.clerk.com", timeout, maxRetries);
  const headers = { "user-agent": userAgent, ...checkHeaders(given.headers), "clerk-api-version": apiVersion };
  return { secretKey, fetch, onAttempt, apiUrl, bodyLimit, timeout, maxRetries, headers };
}

/** The options of one call, completed with those of its client. */
export function checkCall(given, client) {
  if (given === undefined) return client;
  check("options", given, CALL_OPTIONS);
  const { signal, timeout = client.timeout, maxRetries = client.maxRetries } = given;
  if (timeout !== client.timeout || maxRetries !== client.maxRetries) ask(settings, client.apiUrl, timeout, maxRetries);
  if (signal && (typeof signal.aborted !== "boolean" || typeof signal.addEventListener !== "function")) {
    throw invalidArgument("signal", "an AbortSignal");
  }
  return { ...client, signal, timeout, maxRetries, headers: { ...client.headers, ...checkHeaders(given.headers) } };
}

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
