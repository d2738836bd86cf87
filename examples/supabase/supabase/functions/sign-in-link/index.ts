// A Supabase Edge Function: POST {"userId": "user_…"} to /sign-in-link returns a link that signs this user in.
import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

import { isAdmin } from "../../../../admin.js";

const env = Deno.env.toObject();
const tokens = new SignInTokens({ secretKey: env.CLERK_SECRET_KEY, apiUrl: env.CLERK_API_URL });

Deno.serve(async (request) => {
  if (!(await isAdmin(request, env.ADMIN_TOKEN)))
    return new Response("Unauthorized", { status: 401 });
  const { userId } = await request.json();
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
});
