// Serves the redeeming example, built by Vite, with the emulator as its Frontend API.
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { build, preview } from "vite";

import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { installed } from "./app.ts";

export type RedeemSite = Awaited<ReturnType<typeof startRedeemSite>>;

// A publishable key is the Frontend API's host in base64. The requests go to the proxy, as in an
// app with a proxy.
const PUBLISHABLE_KEY = `pk_test_${btoa("emulator.clerk.accounts.dev$")}`;

/**
 * Serves the example in `examples`, a copy of the folder. Returns `{ url, control, emulator,
 * tokens, stop() }`.
 */
export async function startRedeemSite(examples: string) {
  const root = join(examples, "redeem");
  const emulator = await startEmulator({ rateLimit: 0, signInLimit: 0 });
  const { SignInTokens } = await installed();
  process.env.VITE_CLERK_PUBLISHABLE_KEY = PUBLISHABLE_KEY;
  process.env.VITE_CLERK_PROXY_URL = emulator.url;
  await build({ root, logLevel: "error" });
  const site = await preview({
    root,
    logLevel: "error",
    preview: { host: "127.0.0.1", port: 0 },
  });
  return {
    url: `http://127.0.0.1:${(site.httpServer.address() as AddressInfo).port}`,
    control: emulator.control,
    emulator,
    tokens: new SignInTokens({ secretKey: SECRET_KEY, apiUrl: emulator.url }),
    async stop() {
      await site.close();
      await emulator.close();
    },
  };
}
