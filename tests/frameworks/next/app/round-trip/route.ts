// A route handler in Node.
import { roundTrip } from "../../round-trip";

export async function POST() {
  return Response.json(await roundTrip(process.env));
}
