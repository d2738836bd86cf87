// Hono on Cloudflare Workers: POST /sign-in-tokens creates, DELETE /sign-in-tokens/:id revokes.
import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";

import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

const app = new Hono();

app.use((c, next) => bearerAuth({ token: c.env.ADMIN_TOKEN })(c, next));

app.use(async (c, next) => {
  c.set(
    "tokens",
    new SignInTokens({ secretKey: c.env.CLERK_SECRET_KEY, apiUrl: c.env.CLERK_API_URL }),
  );
  await next();
});

app.post("/sign-in-tokens", async (c) => {
  const { userId } = await c.req.json();
  const { id, url } = await c.var.tokens.create({ userId, expiresInSeconds: 600 });
  return c.json({ id, url });
});

app.delete("/sign-in-tokens/:id", async (c) => {
  const { status } = await c.var.tokens.revoke(c.req.param("id"));
  return c.json({ status });
});

app.onError((error, c) => {
  // Hono's own refusals, such as that of bearerAuth, are errors too.
  if (!(error instanceof SignInTokensError))
    return error.getResponse?.() ?? c.text("Internal error", 500);
  const { code, outcome, clerkTraceId } = error;
  return c.json({ code, outcome, clerkTraceId }, code === "not_found" ? 404 : 502);
});

export default app;
