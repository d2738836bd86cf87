// The other side of src/client/exchange.rs: sends a request and reads its answer, in one call from
// the wasm. All it decides is whether a body has the shape of a token.
import { bounded, cancel, own } from "./platform.js";

/**
 * @typedef {import("./platform.js").Call} Call
 * @typedef {import("clerk-sign-in-tokens").FetchLike} Fetch
 * @typedef {import("clerk-sign-in-tokens").FetchLikeInit} Init
 * @typedef {object} Answer
 * @property {number} status
 * @property {string} [ray]
 * @property {string} [retryAfter]
 * @property {number} body
 * @property {unknown} [value]
 */

/** What a body is, in the numbers of Rust. */
const [NOT_JSON, JSON_OBJECT, SIGN_IN_TOKEN, TOO_LONG, BROKEN] = [0, 1, 2, 3, 4];

/**
 * Returns the second argument of `fetch`: a new one each time, since a custom `fetch` may change
 * it.
 *
 * @type {(call: Call, userAgent: string, apiVersion: string, ofClient: object | undefined,
 *   ofCall: object | undefined, authorization: string, body?: string) => Init}
 */
export function init(call, userAgent, apiVersion, ofClient, ofCall, authorization, body) {
  const { signal } = call.controller;
  const defaults = { "user-agent": userAgent, "clerk-api-version": apiVersion };
  const headers = { ...defaults, ...ofClient, ...ofCall, authorization };
  const defined = { __proto__: null, method: "POST", headers, redirect: "manual", signal };
  const init = /** @type {Init} */ (defined);
  if (body !== undefined) {
    init.headers["content-type"] = "application/json";
    init.body = body;
  }
  // Without one of them, Next.js stores the answer of a POST. workerd refuses `cache` before the
  // compatibility date 2024-11-11, and takes 7 % more time with it after that.
  const { Deno, navigator, ReadableStream, Request } = /** @type {any} */ (globalThis);
  if (navigator?.userAgent !== "Cloudflare-Workers" && Request && "cache" in Request.prototype)
    init.cache = "no-store";
  else init.next = { revalidate: 0 };
  if (Deno && typeof Deno === "object" && ReadableStream?.from) {
    // Deno repeats a request whose body it still has when a kept-alive connection breaks, even a
    // POST that has arrived. It cannot repeat a stream. Other runtimes do not, and browsers have no
    // streams over HTTP/1.
    init.body = ReadableStream.from(body === undefined ? [] : [new TextEncoder().encode(body)]);
    init.duplex = "half";
  }
  return init;
}

/**
 * Sends a request and reads its answer, the body up to `limit` bytes. A failure to read the body is
 * an answer too, since the status has come by then. Cancels a body that is not read to its end, and
 * the body of a call that has ended.
 *
 * @type {(call: Call, fetch: Fetch | Response, url: string, init: Init, limit: number) =>
 *   Promise<Answer>}
 */
export async function exchange(call, fetch, url, init, limit) {
  const response = /** @type {any} */ (
    typeof fetch === "function" ? await started(fetch, url, init) : fetch
  );
  /** @type {Answer} */
  const answer = own({ status: 0, body: NOT_JSON });
  let isRead = false;
  try {
    const { status, headers } = typeof response === "object" && response ? response : answer;
    if (call.hasEnded || typeof status !== "number" || typeof headers?.get !== "function")
      return answer;
    answer.status = status;
    answer.ray = bounded(headers.get("cf-ray"));
    try {
      const text = await textOf(call, response, limit);
      isRead = text !== undefined;
      [answer.body, answer.value] = isRead ? meaning(text) : [TOO_LONG];
    } catch (error) {
      [answer.body, answer.value] = [BROKEN, error];
    }
    if (answer.body !== SIGN_IN_TOKEN) answer.retryAfter = bounded(headers.get("retry-after"));
    return answer;
  } finally {
    if (!isRead) cancel(call.reader ?? response?.body);
    call.reader = undefined;
  }
}

/**
 * Calls `fetch`: the global one with the global as `this`, a custom one without a `this`.
 *
 * @type {(fetch: Fetch, url: string, init: Init) => PromiseLike<unknown>}
 */
function started(fetch, url, init) {
  return fetch === globalThis.fetch ? globalThis.fetch(url, init) : fetch(url, init);
}

/**
 * Returns the text of a body, or `undefined` where it is over the limit.
 *
 * @type {(call: Call, response: any, limit: number) => Promise<unknown>}
 */
async function textOf(call, response, limit) {
  const reader = readerOf(response);
  call.reader = reader;
  if (!reader) {
    if (Number(response.headers.get("content-length")) > limit) return undefined;
    const text = await response.text();
    const isOver = typeof text === "string" && new TextEncoder().encode(text).length > limit;
    return isOver ? undefined : text;
  }
  const decoder = new TextDecoder();
  let text = "";
  for (let length = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    if (!ArrayBuffer.isView(value)) throw new TypeError("the body is not made of bytes");
    // A view of another class may lack the methods. Throws if the buffer is detached.
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    // An empty chunk counts as a byte, so that their number has a bound too.
    length += Math.max(bytes.length, 1);
    if (length > limit) return undefined;
    text += decoder.decode(bytes, { stream: true });
  }
}

/**
 * Returns `undefined` for a body that is not a web stream, such as that of node-fetch.
 *
 * @type {(response: any) => ReadableStreamDefaultReader<unknown> | undefined}
 */
function readerOf(response) {
  try {
    return response.body.getReader();
  } catch {
    return undefined;
  }
}

/**
 * Returns what a body is, and its JSON or its token.
 *
 * @type {(text: unknown) => [body: number, value?: unknown]}
 */
function meaning(text) {
  let json;
  try {
    json = typeof text === "string" && JSON.parse(text);
  } catch {
    // The page of a proxy, or half an answer.
  }
  if (!json || typeof json !== "object") return [NOT_JSON];
  const token = tokenOf(own(json));
  return token ? [SIGN_IN_TOKEN, token] : [JSON_OBJECT, json];
}

/**
 * Returns a token with the field names of this package, or `undefined` for what is not a token.
 * Unknown fields and statuses are allowed: the API grows.
 *
 * @type {(json: Record<string, unknown>) => object | undefined}
 */
function tokenOf({ object, id, user_id, status, token, url, created_at, updated_at }) {
  if (object !== "sign_in_token" || id === "") return undefined;
  const texts = [id, user_id, status, token ?? "", url ?? ""];
  if (!texts.every((text) => typeof text === "string")) return undefined;
  if (!Number.isSafeInteger(created_at) || !Number.isSafeInteger(updated_at)) return undefined;
  /** @type {Record<string, unknown>} */
  const made = { object, id, userId: user_id, status };
  if (token != null) made.token = token;
  if (url != null) made.url = url;
  made.createdAt = created_at;
  made.updatedAt = updated_at;
  return made;
}
