// A route handler that does not use the bulk entry.
import { SignInTokens } from "clerk-sign-in-tokens";

export async function POST() {
  const { CLERK_SECRET_KEY = "", CLERK_API_URL = "" } = process.env;
  const tokens = new SignInTokens({ secretKey: CLERK_SECRET_KEY, apiUrl: CLERK_API_URL });
  const created = await tokens.create({ userId: "user_1" });
  const revoked = await tokens.revoke(created.id);
  return Response.json({ created: created.status, revoked: revoked.status });
}
