// Hono on Cloudflare Workers: POST /sign-in-tokens creates, DELETE /sign-in-tokens/:id revokes.
import { Hono, type MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { HTTPException } from "hono/http-exception";

import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

interface Bindings {
  CLERK_SECRET_KEY: string;
  CLERK_API_URL?: string;
  ADMIN_TOKEN: string;
}

type App = { Bindings: Bindings; Variables: { tokens: SignInTokens } };

const app = new Hono<App>();

app.use((c, next) => {
  const authenticate: MiddlewareHandler<App> = bearerAuth({ token: c.env.ADMIN_TOKEN });
  return authenticate(c, next);
});

/** One for each isolate. */
let tokens: SignInTokens | undefined;

app.use(async (c, next) => {
  const { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: apiUrl } = c.env;
  c.set("tokens", (tokens ??= new SignInTokens({ secretKey, apiUrl })));
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
  // Hono's own refusals, such as that of bearerAuth, are also errors.
  if (error instanceof HTTPException) return error.getResponse();
  if (!(error instanceof SignInTokensError)) return c.text("Internal error", 500);
  const { code, outcome, clerkTraceId } = error;
  return c.json({ code, outcome, clerkTraceId }, code === "not_found" ? 404 : 502);
});

export default app;
