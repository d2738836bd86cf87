// A route handler of GET, which reads nothing of its request: Next.js may prerender it.
import { newToken } from "../../token";

export async function GET() {
  return new Response(await newToken());
}
