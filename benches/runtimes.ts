// The measured runtimes: one process for each load, and a new process for each cold start.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import workerd from "workerd";

import { startProcess } from "../scripts/process.ts";
import { type Bundle, bundle } from "./size.ts";
import type { Client } from "./app.ts";

export type Runtime = (typeof RUNTIMES)[number];

export type Options = { dir: string; client: Client | "signals"; apiUrl: string };

export type Started = Pick<Awaited<ReturnType<typeof startProcess>>, "url" | "pid" | "stop">;

export const RUNTIMES = ["workerd", "Deno", "Bun", "Node"] as const;

const COMMANDS = {
  Deno: ["deno", "run", "--allow-net=127.0.0.1", "--allow-env", "--allow-read", "--no-lock"],
  Bun: ["bun"],
  Node: ["node"],
};

/** Starts the load with a client. */
export function startLoad(runtime: Runtime, { dir, client, apiUrl }: Options): Promise<Started> {
  if (runtime === "workerd") return startWorkerd(bundle(dir, "worker", client), apiUrl);
  const [command, ...args] = COMMANDS[runtime];
  const program = ["agents/server.ts", `../clients/${client}.js`, apiUrl];
  return startProcess(command, [...args, ...program], { cwd: dir });
}

/**
 * Returns the milliseconds to the first answer: from the import, or in workerd, which has no clock
 * at start-up, from the start of the process.
 */
export async function coldStart(runtime: Runtime, { dir, client, apiUrl }: Options) {
  if (runtime !== "workerd") {
    const [command, ...args] = COMMANDS[runtime];
    const program = ["agents/first.ts", `../clients/${client}.js`, apiUrl];
    return Number(execFileSync(command, [...args, ...program], { cwd: dir, encoding: "utf8" }));
  }
  const bundled = bundles.get(client) ?? bundle(dir, "minimal", client);
  bundles.set(client, bundled);
  const begun = performance.now();
  const worker = await startWorkerd(bundled, apiUrl);
  try {
    const response = await fetch(worker.url);
    if (!response.ok) throw new Error(`a cold start failed: ${await response.text()}`);
    await response.json();
    return performance.now() - begun;
  } finally {
    await worker.stop();
  }
}

const bundles = new Map<string, Bundle>();

/** Starts the bundle of a deployment in a bare workerd. */
async function startWorkerd({ out, files }: Bundle, apiUrl: string): Promise<Started> {
  const config = join(out, "config.capnp");
  writeFileSync(config, configOf(Object.keys(files), apiUrl));
  const worker = await startProcess(workerd.default, ["serve", "--control-fd=1", config], {
    ready: /"port":(\d+)/,
  });
  // It would wait for the calls that are still in flight.
  const stop = () => worker.stop("SIGKILL");
  return { url: `http://127.0.0.1:${worker.url}`, pid: worker.pid, stop };
}

/** Returns workerd's configuration. */
function configOf(files: string[], apiUrl: string) {
  const modules = files
    .sort((a) => (a.endsWith(".js") ? -1 : 1))
    .map(
      (name) =>
        `(name = "${name}", ${name.endsWith(".js") ? "esModule" : "wasm"} = embed "${name}")`,
    );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [${modules.join(", ")}],
      bindings = [(name = "SECRET_KEY", text = "sk_test_key"), (name = "API_URL", text = "${apiUrl}")],
      compatibilityDate = "${workerd.compatibilityDate}", globalOutbound = "network")),
    (name = "network", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
`;
}
