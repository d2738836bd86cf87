// Runs a wrangler command that sends nothing over the network.
import { execFileSync } from "node:child_process";

export function wrangler(cwd: string, args: string[], environment = process.env) {
  const env = { ...environment, WRANGLER_SEND_METRICS: "false", CI: "true", NO_COLOR: "1" };
  execFileSync("wrangler", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
}
