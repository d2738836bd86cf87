// Runs in Bun: an API with fixed answers, so that the benchmark measures the clients and not the
// emulator. Its answers have the shape of Clerk's, which stands behind Cloudflare: compressed,
// streamed, without a length.
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";

const ticket = `eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18yIn0.${noise(300)}.${noise(342)}`;
const TOKEN = gzipSync(
  JSON.stringify({
    object: "sign_in_token",
    id: "sit_2xkGdWkqOCRkRcYRMfYGlQ4nB7u",
    status: "pending",
    user_id: "user_2xkGdTfbLUl1mJ6kGmqmJrkV9tA",
    token: ticket,
    url: `https://clerk.example.com/v1/tickets/accept?ticket=${ticket}`,
    created_at: 1_700_000_000_000,
    updated_at: 1_700_000_000_000,
  }),
);
const REFUSAL = gzipSync(
  JSON.stringify({
    errors: [
      {
        message: "not found",
        long_message: "No user was found with id user_none",
        code: "resource_not_found",
        meta: { param_name: "user_id" },
      },
    ],
    clerk_trace_id: "0123456789abcdef0123456789abcdef",
  }),
);

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    const { user_id } = (await request.json()) as { user_id: string };
    // A client that refuses gzip would be measured on another answer. Workers' `fetch` gets this
    // header from Cloudflare's network, not from workerd.
    const accepted = request.headers.get("accept-encoding") ?? "gzip";
    if (!accepted.includes("gzip")) return new Response(null, { status: 406 });
    return user_id === "user_none" ? streamed(REFUSAL, 404) : streamed(TOKEN, 200);
  },
});
console.log(`listening on http://127.0.0.1:${server.port}`);

function streamed(body: Uint8Array<ArrayBuffer>, status: number) {
  // A short stream that ends before its head is written gets a length from Bun: flush() writes the
  // head.
  const stream = new ReadableStream({
    type: "direct",
    async pull(controller: {
      write(body: Uint8Array): void;
      flush(): Promise<void>;
      close(): void;
    }) {
      controller.write(body);
      await controller.flush();
      controller.close();
    },
  } as unknown as UnderlyingDefaultSource);
  const headers = { "content-type": "application/json", "content-encoding": "gzip" };
  return new Response(stream, { status, headers });
}

/** Returns letters of base64url that don't compress, as those of a token. */
function noise(length: number) {
  return randomBytes(length).toString("base64url").slice(0, length);
}
