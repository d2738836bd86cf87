// POST {"userId": "user_…"} returns a link that signs this user in, in any runtime that has
// `fetch`. The folders beside this file adapt it to a runtime: copy it together with one of them.
import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

export interface Env {
  CLERK_SECRET_KEY?: string;
  CLERK_API_URL?: string;
  ADMIN_TOKEN?: string;
}

/** One for each isolate. */
let tokens: SignInTokens | undefined;

export async function signInLink(request: Request, env: Env): Promise<Response> {
  if (!(await isAdmin(request, env.ADMIN_TOKEN)))
    return new Response("Unauthorized", { status: 401 });
  const { userId } = (await request.json()) as { userId: string };
  const { CLERK_SECRET_KEY: secretKey = "", CLERK_API_URL: apiUrl } = env;
  tokens ??= new SignInTokens({ secretKey, apiUrl });
  try {
    // Without the request's `signal`: if the visitor left, the outcome would be unknown.
    const { id, url } = await tokens.create({ userId, expiresInSeconds: 600 });
    return Response.json({ id, url });
  } catch (error) {
    if (!(error instanceof SignInTokensError)) throw error;
    const { code, outcome, clerkTraceId } = error;
    const status = code === "not_found" ? 404 : 502;
    return Response.json({ code, outcome, clerkTraceId }, { status });
  }
}

/** Put your own authentication in its place. */
async function isAdmin(request: Request, adminToken?: string): Promise<boolean> {
  if (!adminToken) return false;
  const given = request.headers.get("authorization") ?? "";
  // Comparing digests does not reveal how much of a guess was right.
  return (await digest(given)) === (await digest(`Bearer ${adminToken}`));
}

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(bytes).join();
}
