// The routes, for every runtime.
import { Hono } from "hono";
import { env } from "hono/adapter";

import { roundTrip, type Env } from "./round-trip.ts";

export const app = new Hono();

app.post("/round-trip", async (c) => c.json(await roundTrip(env<Env>(c))));
