// Returns a round trip: in Node with the environment, in a Worker with the bindings.
import { defineHandler } from "nitro";

import { roundTrip, type Env } from "../../round-trip";

export default defineHandler(({ req }) =>
  roundTrip((req.runtime?.cloudflare?.env as Env | undefined) ?? process.env),
);
