// Runs in Bun: an API with fixed answers, so that the benchmark measures the clients and not the emulator.
const headers = { "content-type": "application/json" };
const TOKEN = JSON.stringify({
  object: "sign_in_token",
  id: "sit_2xkGdWkqOCRkRcYRMfYGlQ4nB7u",
  status: "pending",
  user_id: "user_2xkGdTfbLUl1mJ6kGmqmJrkV9tA",
  token: `eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18yIn0.${"x".repeat(300)}.${"y".repeat(342)}`,
  url: `https://clerk.example.com/v1/tickets/accept?ticket=eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18yIn0.${"x".repeat(300)}.${"y".repeat(342)}`,
  created_at: 1_700_000_000_000,
  updated_at: 1_700_000_000_000,
});
const REFUSAL = JSON.stringify({
  errors: [
    {
      message: "not found",
      long_message: "No user was found with id user_none",
      code: "resource_not_found",
      meta: { param_name: "user_id" },
    },
  ],
  clerk_trace_id: "0123456789abcdef0123456789abcdef",
});

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    const { user_id } = /** @type {{ user_id: string }} */ (await request.json());
    return user_id === "user_none"
      ? new Response(REFUSAL, { status: 404, headers })
      : new Response(TOKEN, { headers });
  },
});
console.log(`listening on http://127.0.0.1:${server.port}`);
