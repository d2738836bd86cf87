// The Worker of the admin page: has the secret key, lets admins in, does the two operations,
// keeps the history.
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import { ROUTES } from "../contract.ts";
import { refuse } from "./answers.ts";
import { problemWith } from "./config.ts";
import type { AppEnv } from "./types.ts";
import { downloadHistory, showHistory, showTokens } from "./history.ts";
import { createLink, revokeLink } from "./links.ts";
import { logIn, logOut, requireAdmin, showSession } from "./login.ts";
import { headers, sameOrigin } from "./middleware.ts";
import { findUsers } from "./users.ts";

export { Session } from "./session.ts";

const app = new Hono<AppEnv>();

app.use(headers);
app.use(async (c, next) => {
  const problem = problemWith(c.env);
  return problem ? c.text(`Not served: ${problem}.`, 503) : next();
});
app.on(
  ["POST", "DELETE"],
  "*",
  sameOrigin,
  bodyLimit({ maxSize: 16 * 1024, onError: () => refuse("too_large") }),
);

app.get(ROUTES.session, requireAdmin, showSession);
app.post(ROUTES.session, logIn);
app.delete(ROUTES.session, logOut);
app.post(ROUTES.users, requireAdmin, findUsers);
app.get(ROUTES.history, requireAdmin, showHistory);
app.get(ROUTES.tokens, requireAdmin, showTokens);
app.get(ROUTES.csv, requireAdmin, downloadHistory);

// The API's own paths: the package in the page only needs this origin as its `apiUrl`.
app.post("/v1/sign_in_tokens", requireAdmin, createLink);
app.post("/v1/sign_in_tokens/:id/revoke", requireAdmin, revokeLink);

app.get("*", async (c) => {
  const asset = await c.env.ASSETS.fetch(c.req.raw);
  // A copy, because the headers of a binding's response are read-only.
  return new Response(asset.body, asset);
});

app.notFound(() => refuse("not_here"));
// Never the error itself: it may quote a secret.
app.onError(() => refuse("internal"));

export default app;
