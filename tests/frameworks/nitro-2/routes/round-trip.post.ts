// Answers with a round trip: in Node with its environment, in a Worker with its bindings.
import { roundTrip } from "../round-trip";

export default defineEventHandler(({ context }) =>
  roundTrip(context.cloudflare?.env ?? process.env),
);
