// Bulk creation on more than one machine: an upload becomes messages in a queue, a consumer creates
// the tokens, D1 keeps the results. Start a run, then follow its status and get its results:
//   curl -u admin --data-binary @users.csv 'https://…/runs?expiresInSeconds=604800'
//   curl -u admin https://…/runs/ID
//   curl -u admin https://…/runs/ID/results.csv
import type { D1Database, ExportedHandler, Queue } from "@cloudflare/workers-types";
import { type Context, Hono } from "hono";
import { basicAuth } from "hono/basic-auth";
import { secureHeaders } from "hono/secure-headers";

import { consume, consumeDead } from "./consumer.ts";
import { load, resume } from "./producer.ts";
import { csv, findRuns, problems, setState } from "./runs.ts";

export type UserMessage = { runId: string; userId: string };

export interface Env {
  DB: D1Database;
  USERS: Queue<UserMessage>;
  DEAD: Queue<unknown>;
  CLERK_SECRET_KEY: string;
  CLERK_API_URL?: string;
  ADMIN_PASSWORD: string;
  /** See runs.ts. */
  STALE_MS?: number;
}

type Run = Awaited<ReturnType<typeof findRuns>>[number];
type App = { Bindings: Env; Variables: { run: Run } };

const app = new Hono<App>();

app.use(secureHeaders());
app.use(async (c, next) => {
  if (!c.env.CLERK_SECRET_KEY || !c.env.ADMIN_PASSWORD)
    return c.text("Set CLERK_SECRET_KEY and ADMIN_PASSWORD.", 503);
  return basicAuth({ username: "admin", password: c.env.ADMIN_PASSWORD })(c, next);
});
app.use(async (c, next) => {
  if (c.req.method !== "GET" && !isSameOrigin(c))
    return c.text("Cross-site requests are refused.", 403);
  await next();
  c.header("cache-control", "no-store");
});

/**
 * A browser also sends the password with the requests of other sites. curl sends neither header.
 */
function isSameOrigin({ req }: Context<App>) {
  const [site, origin] = [req.header("sec-fetch-site"), req.header("origin")];
  if (site !== undefined) return site === "same-origin";
  return origin === undefined || origin === new URL(req.url).origin;
}

app.get("/runs", async (c) => c.json(await findRuns(c.env.DB)));
app.post("/runs", async (c) => {
  const expiresInSeconds = Number(c.req.query("expiresInSeconds") ?? 604_800);
  if (!(Number.isSafeInteger(expiresInSeconds) && expiresInSeconds > 0))
    return c.text("expiresInSeconds must be a whole number, 1 or more.", 400);
  if (!c.req.raw.body) return c.text("The upload is empty.", 400);
  const loaded = load(c.env, c.req.raw.body, expiresInSeconds);
  // An upload that breaks off also ends the request: its failure has to be recorded all the same.
  c.executionCtx.waitUntil(loaded.catch(() => {}));
  return c.json(await loaded, 201);
});

app.use("/runs/:id/*", async (c, next) => {
  const [run] = await findRuns(c.env.DB, c.req.param("id"));
  if (!run) return c.notFound();
  c.set("run", run);
  return next();
});
app.get("/runs/:id", async (c) => {
  const { run } = c.var;
  return c.json({ ...run, problems: await problems(c.env.DB, run.id) });
});
app.get("/runs/:id/results.csv", (c) => {
  const { id } = c.var.run;
  return c.body(csv(c.env.DB, id), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="sign-in-links-${id.slice(0, 8)}.csv"`,
    },
  });
});
app.post("/runs/:id/pause", async (c) => {
  const { id, state } = c.var.run;
  if (state === "finished" || state === "failed") return c.text(`The run has ${state}.`, 409);
  await setState(c.env.DB, id, "paused");
  return c.json({ state: "paused" });
});
app.post("/runs/:id/resume", async (c) => {
  const { id, state } = c.var.run;
  if (state === "failed") return c.text("The run has failed.", 409);
  await resume(c.env, id);
  return c.json({ state: "running" });
});

const { fetch } = app;
const queue: ExportedHandler<Env, UserMessage>["queue"] = (batch, env) =>
  batch.queue === "sign-in-tokens-dead" ? consumeDead(batch, env) : consume(batch, env);

export default { fetch, queue };
