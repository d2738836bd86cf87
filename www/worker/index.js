// The edge function behind the admin page: holds the secret key, lets admins in, and does the two operations.
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import { isConfigured, login, logout, requireAdmin, session } from "./admin.js";
import { errorResponse } from "./error-response.js";
import { headers, sameOrigin } from "./middleware.js";
import { create, revoke } from "./operations.js";

const app = new Hono();

app.use(headers);
app.use(async (c, next) => {
  if (isConfigured(c.env)) return next();
  return c.text(
    "Not served: set CLERK_SECRET_KEY, and ADMIN_PASSWORD (12 characters or more) or Cloudflare Access.",
    503,
  );
});
app.on(
  ["POST", "DELETE"],
  "*",
  sameOrigin,
  bodyLimit({
    maxSize: 16 * 1024,
    onError: () => errorResponse(413, "too_large", "The request is too large."),
  }),
);

app.get("/session", session);
app.post("/session", login);
app.delete("/session", logout);

// The API's own paths, so that the package in the page needs nothing but this origin as its `apiUrl`.
app.post("/v1/sign_in_tokens", requireAdmin, create);
app.post("/v1/sign_in_tokens/:id/revoke", requireAdmin, revoke);

app.get("*", async (c) => {
  const asset = await c.env.ASSETS.fetch(c.req.raw);
  // A copy: the headers of what a binding gives cannot be added to.
  return new Response(asset.body, asset);
});

app.notFound(() => errorResponse(404, "not_here", "There is nothing here."));
// Never the error itself: who knows what it quotes.
app.onError(() => errorResponse(500, "internal", "The edge function failed."));

export default app;
