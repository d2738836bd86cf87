// Answers with a round trip: in Node with its environment, in a Worker with its bindings.
import { defineHandler } from "nitro";

import { roundTrip, type Env } from "../../round-trip";

export default defineHandler(({ req }) =>
  roundTrip((req.runtime?.cloudflare?.env as Env | undefined) ?? process.env),
);
