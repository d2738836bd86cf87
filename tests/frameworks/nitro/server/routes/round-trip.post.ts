// A route that answers with a round trip, in Node from its environment and in a Worker from its bindings.
import { defineHandler } from "nitro/h3";

import { roundTrip, type Env } from "../../round-trip";

export default defineHandler(({ req }) => roundTrip(req.runtime?.cloudflare?.env ?? process.env));
