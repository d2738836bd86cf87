// The least JavaScript that guarantees what this package does: a deadline, no redirect, a bounded
// body.
import { request, result } from "./fetch.ts";
import type { Create } from "./package.ts";

export function client(secretKey: string, apiUrl: string): Create {
  return async (params) => {
    const controller = new AbortController();
    const { signal } = controller;
    const timer = setTimeout(() => controller.abort(new Error("too late")), 30_000);
    try {
      const init: RequestInit = { ...request(secretKey, params), redirect: "manual", signal };
      const response = await fetch(`${apiUrl}/v1/sign_in_tokens`, init);
      return result(response, JSON.parse(await text(response)));
    } finally {
      clearTimeout(timer);
    }
  };
}

async function text({ body }: Response) {
  const reader = (body as ReadableStream<Uint8Array>).getReader();
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
