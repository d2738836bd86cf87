// The Worker of the admin page: holds the secret key, lets admins in, does the two operations, keeps the history.
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import { login, logout, requireAdmin, session } from "./admin.js";
import { problemWith } from "./config.js";
import { errorResponse } from "./error-response.js";
import { showHistory } from "./history.js";
import { headers, sameOrigin } from "./middleware.js";
import { create, revoke } from "./operations.js";

/** @import { AppEnv } from "./types" */

export { Session } from "./session-object.js";

/** @type {Hono<AppEnv>} */
const app = new Hono();

app.use(headers);
app.use(async (c, next) => {
  const problem = problemWith(c.env);
  return problem ? c.text(`Not served: ${problem}.`, 503) : next();
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

app.get("/session", requireAdmin, session);
app.post("/session", login);
app.delete("/session", logout);
app.get("/history", requireAdmin, showHistory);

// The API's own paths: the package in the page only needs this origin as its `apiUrl`.
app.post("/v1/sign_in_tokens", requireAdmin, create);
app.post("/v1/sign_in_tokens/:id/revoke", requireAdmin, revoke);

app.get("*", async (c) => {
  const asset = await c.env.ASSETS.fetch(c.req.raw);
  // A copy, because the headers of a binding's response are read-only.
  return new Response(asset.body, asset);
});

app.notFound(() => errorResponse(404, "not_here", "There is nothing here."));
// Never the error itself: it may quote a secret.
app.onError(() => errorResponse(500, "internal", "The edge function failed."));

export default app;
