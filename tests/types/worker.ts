// A Worker with a service binding, under Cloudflare's own types.
import { SignInTokens } from "clerk-sign-in-tokens";

interface Env {
  CLERK_SECRET_KEY: string;
  API: Fetcher;
}

export default {
  async fetch(_request, env) {
    const tokens = new SignInTokens({ secretKey: env.CLERK_SECRET_KEY, fetch: env.API.fetch.bind(env.API) });
    new SignInTokens({ secretKey: env.CLERK_SECRET_KEY, fetch });
    return Response.json(await tokens.create({ userId: "user_1" }));
  },
} satisfies ExportedHandler<Env>;
