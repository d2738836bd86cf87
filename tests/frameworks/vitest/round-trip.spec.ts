// A test in Node.
import { test } from "vitest";

import { roundTrip } from "./round-trip";

test("creates and revokes", async () => {
  console.log(JSON.stringify(await roundTrip(process.env)));
});
