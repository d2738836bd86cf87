// The least JavaScript that guarantees what this package does: a deadline, no redirect, a bounded
// body.
import { request, result } from "./fetch.js";

/**
 * @param {string} secretKey
 * @param {string} apiUrl
 * @returns {import("./package.js").Create}
 */
export function client(secretKey, apiUrl) {
  return async (params) => {
    const controller = new AbortController();
    const { signal } = controller;
    const timer = setTimeout(() => controller.abort(new Error("too late")), 30_000);
    try {
      const init = { ...request(secretKey, params), redirect: /** @type {const} */ ("manual") };
      const response = await fetch(`${apiUrl}/v1/sign_in_tokens`, { ...init, signal });
      return result(response, JSON.parse(await text(response)));
    } finally {
      clearTimeout(timer);
    }
  };
}

/** @param {Response} response */
async function text({ body }) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (body).getReader();
  const decoder = new TextDecoder();
  let text = "";
  let left = 65_536;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    left -= value.length;
    if (left < 0) throw new Error("too long");
    text += decoder.decode(value, { stream: true });
  }
}
