// Creates a token for whoever asks.
import { SignInTokens } from "clerk-sign-in-tokens";

const tokens = new SignInTokens({
  secretKey: process.env.CLERK_SECRET_KEY ?? "",
  apiUrl: process.env.CLERK_API_URL ?? "",
});

export async function newToken() {
  const { token } = await tokens.create({ userId: "user_1" });
  return token ?? "";
}
