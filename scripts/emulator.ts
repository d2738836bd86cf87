// npm run emulator: runs the emulator until an interrupt.
import { parseArgs } from "node:util";

import { startEmulator } from "../emulator/server.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    "rate-limit": { type: "string", default: "100" },
  },
});
const [port, rateLimit] = [Number(values.port), Number(values["rate-limit"])];
if (!Number.isInteger(port) || port < 0 || port > 65_535)
  throw new Error("--port: expected a number from 0 to 65535");
if (!Number.isInteger(rateLimit) || rateLimit < 0)
  throw new Error("--rate-limit: expected the requests in 10 s, 0 for no limit");

const emulator = await startEmulator({ port, rateLimit });
console.log(`listening on ${emulator.url}`);
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => emulator.close().then(() => process.exit(0)));
