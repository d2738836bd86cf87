// Bulk creation on more than one machine: an upload becomes messages in a queue, a consumer creates the tokens, D1 keeps
// the results.
import { Hono } from "hono";
import { basicAuth } from "hono/basic-auth";
import { secureHeaders } from "hono/secure-headers";

import { bury, consume } from "./consumer.js";
import { load, resume } from "./producer.js";
import { counts, csv, problems, run, runs, setState } from "./results.js";
import { runPage } from "./run-page.js";
import { runsPage } from "./runs-page.js";

const STATES = ["queued", "sending", "created", "failed", "unknown"];

/** @typedef {{ runId: string, userId: string }} UserMessage */

/**
 * @typedef {object} Env
 * @property {D1Database} DB
 * @property {Queue<UserMessage>} USERS
 * @property {Queue<unknown>} DEAD
 * @property {string} CLERK_SECRET_KEY
 * @property {string} [CLERK_API_URL]
 * @property {string} ADMIN_PASSWORD
 * @property {number} [STALE_MS] see stale.js
 */

/** @typedef {{ Bindings: Env, Variables: { run: import("./results.js").Run } }} App */

/** @type {Hono<App>} */
const app = new Hono();

app.use(
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["data:"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: "no-referrer",
  }),
);
app.use(async (c, next) => {
  if (!c.env.CLERK_SECRET_KEY || !c.env.ADMIN_PASSWORD)
    return c.text("Set CLERK_SECRET_KEY and ADMIN_PASSWORD.", 503);
  return basicAuth({ username: "admin", password: c.env.ADMIN_PASSWORD })(c, next);
});
app.use(async (c, next) => {
  // A browser also sends the password with the requests of other sites.
  const site = c.req.header("sec-fetch-site") ?? "same-origin";
  if (c.req.method !== "GET" && site !== "same-origin")
    return c.text("Cross-site requests are refused.", 403);
  await next();
  c.header("cache-control", "no-store");
});

app.get("/", async (c) => c.html(runsPage(await runs(c.env.DB))));

// curl -u admin --data-binary @users.csv 'https://…/runs?expiresInSeconds=604800'
app.post("/runs", async (c) => {
  const expiresInSeconds = Number(c.req.query("expiresInSeconds") ?? 604_800);
  if (!(Number.isSafeInteger(expiresInSeconds) && expiresInSeconds > 0))
    return c.text("expiresInSeconds must be a whole number, 1 or more.", 400);
  if (!c.req.raw.body) return c.text("The upload is empty.", 400);
  return c.json(await load(c.env, c.req.raw.body, expiresInSeconds), 201);
});

app.use("/runs/:id", withRun);
app.use("/runs/:id/*", withRun);
app.get("/runs/:id", async (c) => {
  const { DB } = c.env;
  const { run: found } = c.var;
  return c.html(runPage(found, await counts(DB, found), await problems(DB, found.id)));
});
app.get("/runs/:id/counts", async (c) =>
  c.json({ ...c.var.run, ...(await counts(c.env.DB, c.var.run)) }),
);
app.get("/runs/:id/results.csv", (c) => {
  const { id } = c.var.run;
  const state = STATES.find((known) => known === c.req.query("state"));
  const name = ["sign-in-links", id.slice(0, 8), state].filter(Boolean).join("-");
  return c.body(csv(c.env.DB, id, state), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}.csv"`,
    },
  });
});
app.post("/runs/:id/pause", async (c) => {
  const { phase } = await counts(c.env.DB, c.var.run);
  if (phase === "finished") return c.text("The run has finished.", 409);
  await setState(c.env.DB, c.var.run.id, "paused");
  return c.redirect(`/runs/${c.var.run.id}`, 303);
});
app.post("/runs/:id/resume", async (c) => {
  await resume(c.env, c.var.run.id);
  return c.redirect(`/runs/${c.var.run.id}`, 303);
});

/**
 * Sets the variable `run`.
 *
 * @param {import("hono").Context<App, "/runs/:id">} c
 * @param {import("hono").Next} next
 */
async function withRun(c, next) {
  const found = await run(c.env.DB, c.req.param("id"));
  if (!found) return c.notFound();
  c.set("run", found);
  return next();
}

export default /** @satisfies {ExportedHandler<Env, UserMessage>} */ ({
  fetch: app.fetch,
  queue: (batch, env) =>
    batch.queue === "sign-in-tokens-dead" ? bury(batch, env) : consume(batch, env),
});
