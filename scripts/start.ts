// npm start: runs the edge function in workerd against the emulator (or the real API), makes a
// round trip, serves the demo.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { SECRET_KEY, startEmulator } from "../emulator/server.ts";
import { REQUEST_ID } from "../www/contract.ts";
import { build } from "./build.ts";
import { fail, root } from "./tools.js";
import { startWorker } from "./worker.ts";

const {
  values: { once },
} = parseArgs({ options: { once: { type: "boolean", default: false } } });
const realKey = process.env.CLERK_SECRET_KEY;

build();
const emulator = realKey ? undefined : await startEmulator();
const password = randomBytes(12).toString("base64url");
const worker = await startWorker(join(root, "www"), {
  vars: {
    CLERK_SECRET_KEY: realKey ?? SECRET_KEY,
    ADMIN_PASSWORD: password,
    ...(emulator && { CLERK_API_URL: emulator.url }),
  },
});
console.log(`\nThe API: ${emulator ? `the emulator, ${emulator.url}` : "https://api.clerk.com"}`);
console.log(`The edge function, in workerd: ${worker.url}`);

const done = await roundTrip(realKey ? process.env.CLERK_USER_ID : "user_demo").catch(
  (error) => error,
);
if (done instanceof Error) await stop(() => fail(done.message));
if (once) await stop(() => process.exit(0));

console.log(`\nThe admin demo: ${worker.url}\n  password: ${password}\n\nCtrl-C stops it.`);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop(() => process.exit(0)));

async function roundTrip(userId: string | undefined) {
  if (!userId) return console.log("\nNo round trip: CLERK_USER_ID is not set.");
  const { SignInTokens } = await import("clerk-sign-in-tokens");
  const login = await post("/session", { password });
  const headers = {
    origin: worker.url,
    cookie: login.headers.get("set-cookie")?.split(";")[0] ?? "",
    [REQUEST_ID]: crypto.randomUUID(),
  };
  const tokens = new SignInTokens({
    secretKey: "sk_test_held_by_the_edge_function",
    apiUrl: worker.url,
    // A browser adds these headers itself. Scripts in a page cannot set them.
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers } }),
  });
  const created = await tokens.create({ userId, expiresInSeconds: 60 });
  console.log(`\n  created  ${created.id}  ${created.status}  for ${created.userId}`);
  const revoked = await tokens.revoke(created.id);
  console.log(`  revoked  ${revoked.id}  ${revoked.status}`);
}

async function post(path: string, body: unknown) {
  const response = await fetch(`${worker.url}${path}`, {
    method: "POST",
    headers: { origin: worker.url },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the edge function answered ${path} with ${response.status}`);
  return response;
}

async function stop(then: () => void) {
  await worker.stop();
  await emulator?.close();
  then();
}
