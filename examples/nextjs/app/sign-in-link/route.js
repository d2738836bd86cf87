// A Next.js route handler: POST {"userId": "user_…"} to /sign-in-link returns a link that signs this user in.
import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

import { isAdmin } from "../../../admin.js";

/** One for each isolate. @type {SignInTokens | undefined} */
let tokens;

/** @param {Request} request */
export async function POST(request) {
  const { CLERK_SECRET_KEY, CLERK_API_URL, ADMIN_TOKEN } = /** @type {Record<string, string>} */ (
    process.env
  );
  if (!(await isAdmin(request, ADMIN_TOKEN))) return new Response("Unauthorized", { status: 401 });
  const { userId } = /** @type {{ userId: string }} */ (await request.json());
  tokens ??= new SignInTokens({ secretKey: CLERK_SECRET_KEY, apiUrl: CLERK_API_URL });
  try {
    const { id, url } = await tokens.create({ userId, expiresInSeconds: 600 });
    return Response.json({ id, url });
  } catch (error) {
    if (!(error instanceof SignInTokensError)) throw error;
    const { code, outcome, clerkTraceId } = error;
    return Response.json(
      { code, outcome, clerkTraceId },
      { status: code === "not_found" ? 404 : 502 },
    );
  }
}
