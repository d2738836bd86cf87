// Makes the round trip of each app: creates a token, revokes it, tries to revoke it again, and
// creates another one in bulk.
import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";
import { createMany } from "clerk-sign-in-tokens/bulk";

/** The environment of a program, or the bindings of a Worker. */
export type Env = Record<string, string | undefined>;

/** Returns `{ created: "pending", revoked: "revoked", again: "not_pending", many: ["pending"] }` */
export async function roundTrip(env: Env) {
  const tokens = new SignInTokens({
    secretKey: env.CLERK_SECRET_KEY ?? "",
    apiUrl: env.CLERK_API_URL ?? "",
  });
  const created = await tokens.create({ userId: "user_1" });
  const revoked = await tokens.revoke(created.id);
  const error: unknown = await tokens.revoke(created.id).catch((thrown: unknown) => thrown);
  const again = error instanceof SignInTokensError ? error.code : String(error);
  const many: string[] = [];
  for await (const result of createMany(tokens, [{ userId: "user_2" }])) {
    many.push(result.token?.status ?? String(result.error));
  }
  return { created: created.status, revoked: revoked.status, again, many };
}
