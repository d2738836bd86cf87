// A test in a Worker.
import { env } from "cloudflare:workers";
import { test } from "vitest";

import { roundTrip } from "./round-trip";

test("creates and revokes", async () => {
  console.log(JSON.stringify(await roundTrip(env)));
});
