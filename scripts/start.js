// npm start: the edge function in workerd against the emulator (or the real API), one round trip through it, the demo.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { SECRET_KEY, startEmulator } from "../tests/emulator/server.js";
import { startWorker } from "../tests/worker.js";
import { build } from "./build.js";
import { fail, root } from "./tools.js";

const { values: { once } } = parseArgs({ options: { once: { type: "boolean", default: false } } });
const realKey = process.env.CLERK_SECRET_KEY;

build();
const emulator = realKey ? undefined : await startEmulator();
const password = randomBytes(12).toString("base64url");
const worker = await startWorker(join(root, "www"), {
  vars: { CLERK_SECRET_KEY: realKey ?? SECRET_KEY, ADMIN_PASSWORD: password, ...(emulator && { CLERK_API_URL: emulator.url }) },
});
console.log(`\nThe API: ${emulator ? `the emulator, ${emulator.url}` : "https://api.clerk.com"}`);
console.log(`The edge function, in workerd: ${worker.url}`);

const done = await roundTrip(realKey ? process.env.CLERK_USER_ID : "user_demo").catch((error) => error);
if (done instanceof Error) await stop(() => fail(done.message));
if (once) await stop(() => process.exit(0));

console.log(`\nThe admin demo: ${worker.url}\n  user:     admin\n  password: ${password}\n\nCtrl-C stops it.`);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop(() => process.exit(0)));

async function roundTrip(userId) {
  if (!userId) return console.log("\nNo round trip: CLERK_USER_ID does not say for which user.");
  const created = await operate("create", { userId, expiresInSeconds: 60 });
  console.log(`\n  created  ${created.id}  ${created.status}  for ${created.userId}`);
  const revoked = await operate("revoke", created.id);
  console.log(`  revoked  ${revoked.id}  ${revoked.status}`);
}

async function operate(operation, argument) {
  const response = await fetch(`${worker.url}/api/${operation}`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`admin:${password}`)}` },
    body: JSON.stringify(argument),
  });
  const { token, error } = await response.json();
  if (error) throw new Error(`${operation} through the edge function failed: ${error.message}`);
  return token;
}

async function stop(then) {
  await worker.stop();
  await emulator?.close();
  then();
}
