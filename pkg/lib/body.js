// Reads an answer's body, up to a limit.

/** The body as text: all of it, or somewhat more than `limit` bytes where there is more. */
export async function readBody(response, headers, limit, interrupt) {
  // A custom fetch may give a Response of its own make, such as node-fetch's, whose body is no web stream.
  const reader = isShort(headers, limit) ? undefined : response.body?.getReader?.();
  if (!reader) return interrupt.race(response.text());
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (let length = 0; length <= limit; ) {
      const { done, value } = await interrupt.race(reader.read());
      if (done) break;
      if (!(value instanceof Uint8Array)) throw new TypeError("the body is not made of bytes");
      text += decoder.decode(value, { stream: true });
      length += value.length;
    }
    return text + decoder.decode();
  } finally {
    // Without effect on a body that was read to its end.
    reader.cancel().catch(() => {});
  }
}

/** Whether the length is known and within the limit: to read all at once is cheaper. Compressed, it could be any. */
function isShort(headers, limit) {
  const length = headers.get("content-length");
  return length > 0 && length <= limit && !headers.get("content-encoding");
}
