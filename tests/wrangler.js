// Runs a wrangler command that talks to nobody.
import { execFileSync } from "node:child_process";

const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true", NO_COLOR: "1" };

export function wrangler(cwd, args) {
  execFileSync("wrangler", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
}
