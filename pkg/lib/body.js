// Reads an answer's body, up to a limit.

/** The body's bytes: all of them, or somewhat more than `limit` where there is more. */
export async function readBody(response, limit, interrupt) {
  // A custom fetch may give a Response of its own make, such as node-fetch's.
  if (response.body && !response.body.getReader) {
    return new Uint8Array(await interrupt.race(response.arrayBuffer()));
  }
  const chunks = [];
  let length = 0;
  const reader = response.body?.getReader();
  try {
    while (reader && length <= limit) {
      const { done, value } = await interrupt.race(reader.read());
      if (done) break;
      if (!(value instanceof Uint8Array)) throw new TypeError("the body is not made of bytes");
      chunks.push(value);
      length += value.length;
    }
    return join(chunks, length);
  } finally {
    // Without effect on a body that was read to its end.
    reader?.cancel().catch(() => {});
  }
}

function join(chunks, length) {
  if (chunks.length === 1) return chunks[0];
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
