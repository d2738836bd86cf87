// A Netlify Edge Function: POST {"userId": "user_…"} to /sign-in-link returns a link that signs this user in.
import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

import { isAdmin } from "../../../admin.js";

export const config = { path: "/sign-in-link", method: "POST" };

/** @param {Request} request */
export default async function handler(request) {
  const [secretKey, apiUrl, adminToken] = ["CLERK_SECRET_KEY", "CLERK_API_URL", "ADMIN_TOKEN"].map(
    (name) => Netlify.env.get(name),
  );
  if (!(await isAdmin(request, adminToken))) return new Response("Unauthorized", { status: 401 });
  const { userId } = await request.json();
  const tokens = new SignInTokens({ secretKey, apiUrl });
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
