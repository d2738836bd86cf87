// Node: prints a link that signs a user in, for ten minutes. Ctrl-C revokes it.
// CLERK_SECRET_KEY=sk_… node main.ts user_…
import { once } from "node:events";

import { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";

const { CLERK_SECRET_KEY, CLERK_API_URL } = process.env;
const [userId = ""] = process.argv.slice(2);

try {
  const tokens = new SignInTokens({ secretKey: CLERK_SECRET_KEY ?? "", apiUrl: CLERK_API_URL });
  const token = await tokens.create({ userId, expiresInSeconds: 600 });
  const interrupted = once(process, "SIGINT");
  // Waiting for a signal does not keep Node alive by itself.
  const timer = setTimeout(() => process.exit(), 600_000);
  console.log(token.url);
  await interrupted;
  clearTimeout(timer);
  const { status } = await tokens.revoke(token.id);
  console.log(status);
} catch (error) {
  if (!(error instanceof SignInTokensError)) throw error;
  console.error(
    `${error.message} (${error.code})`,
    error.errors.map(({ longMessage }) => longMessage).join(" "),
  );
  process.exitCode = 1;
}
