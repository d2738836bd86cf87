// A route handler, which OpenNext runs in a Worker.
import { roundTrip } from "../../round-trip";

export async function POST() {
  return Response.json(await roundTrip(process.env));
}
