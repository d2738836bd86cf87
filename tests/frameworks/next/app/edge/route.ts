// A route handler in the edge runtime.
import { roundTrip } from "../../round-trip";
import { newToken } from "../../token";

export const runtime = "edge";

export async function POST() {
  return Response.json(
    await roundTrip({
      CLERK_SECRET_KEY: process.env.CLERK_SECRET_KEY,
      CLERK_API_URL: process.env.CLERK_API_URL,
    }),
  );
}

export async function GET() {
  return new Response(await newToken());
}
