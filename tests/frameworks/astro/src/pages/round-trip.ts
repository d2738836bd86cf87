// An endpoint, with the Worker's bindings.
import { env } from "cloudflare:workers";

import { roundTrip } from "../../round-trip";

export async function POST() {
  return Response.json(await roundTrip(env));
}
