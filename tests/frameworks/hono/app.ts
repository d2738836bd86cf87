// The app of every runtime.
import { Hono } from "hono";
import { env } from "hono/adapter";

import { roundTrip, type Env } from "./round-trip.ts";

const app = new Hono();

app.post("/round-trip", async (c) => c.json(await roundTrip(env<Env>(c))));

export default app;
