// Returns a round trip: in Node with the environment, in a Worker with the bindings.
import { roundTrip } from "../round-trip";

export default defineEventHandler(({ context }) =>
  roundTrip(context.cloudflare?.env ?? process.env),
);
