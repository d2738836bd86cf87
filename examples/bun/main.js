// Bun: POST {"userId": "user_…"} returns a link that signs this user in.
// bun main.js
import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

import { isAdmin } from "../admin.js";

const env = /** @type {Record<string, string>} */ (Bun.env);
const tokens = new SignInTokens({ secretKey: env.CLERK_SECRET_KEY, apiUrl: env.CLERK_API_URL });

const server = Bun.serve({
  port: env.PORT ?? 3000,
  async fetch(request) {
    if (!(await isAdmin(request, env.ADMIN_TOKEN)))
      return new Response("Unauthorized", { status: 401 });
    const { userId } = /** @type {{ userId: string }} */ (await request.json());
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
  },
});
console.log(`Listening on ${server.url}`);
