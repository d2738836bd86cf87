// A Cloudflare Worker: POST {"userId": "user_…"} returns a link that signs this user in.
import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

import { isAdmin } from "../admin.js";

/**
 * @typedef {object} Env
 * @property {string} CLERK_SECRET_KEY
 * @property {string} [CLERK_API_URL]
 * @property {string} ADMIN_TOKEN
 */

/** One for each isolate. @type {SignInTokens | undefined} */
let tokens;

export default /** @satisfies {ExportedHandler<Env>} */ ({
  async fetch(request, env) {
    if (!(await isAdmin(request, env.ADMIN_TOKEN)))
      return new Response("Unauthorized", { status: 401 });
    /** @type {{ userId: string }} */
    const { userId } = await request.json();
    tokens ??= new SignInTokens({ secretKey: env.CLERK_SECRET_KEY, apiUrl: env.CLERK_API_URL });
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
