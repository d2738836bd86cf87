// The measured runtimes: one process for each load, and a new process for each cold start.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import workerd from "workerd";

import { startProcess } from "../scripts/process.ts";
import { bundle } from "./size.ts";
import type { Bundle } from "./size.ts";
import type { Readable } from "node:stream";
import type { Client } from "./app.ts";

export type Runtime = "workerd" | "Deno" | "Bun" | "Node";

export type Options = { dir: string; client: Client | "signals"; apiUrl: string };

const COMMANDS = {
  Deno: ["deno", "run", "--allow-net=127.0.0.1", "--allow-env", "--allow-read", "--no-lock"],
  Bun: ["bun"],
  Node: ["node"],
};

export const RUNTIMES: Runtime[] = ["workerd", "Deno", "Bun", "Node"];

/** Starts the load with a client. */
export function startLoad(
  runtime: Runtime,
  { dir, client, apiUrl }: Options,
): Promise<{ url: string; pid: number; stop(): Promise<void> }> {
  if (runtime === "workerd") return startWorkerd(bundle(dir, "worker", client), apiUrl);
  const [command, ...args] = COMMANDS[runtime];
  return startProcess(
    command,
    [...args, `agents/${runtime.toLowerCase()}.js`, `../clients/${client}.js`, apiUrl],
    { cwd: dir },
  );
}

/**
 * Returns the milliseconds to the first answer: from the import, or in workerd, which has no clock
 * at start-up, from the start of the process.
 */
export async function coldStart(runtime: Runtime, { dir, client, apiUrl }: Options) {
  if (runtime === "workerd") {
    const bundled = bundledOnce(dir, client);
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
  const [command, ...args] = COMMANDS[runtime];
  return Number(
    execFileSync(command, [...args, "agents/first.js", `../clients/${client}.js`, apiUrl], {
      cwd: dir,
      encoding: "utf8",
    }),
  );
}

const bundles: Map<string, Bundle> = new Map();

function bundledOnce(dir: string, client: Options["client"]) {
  const bundled = bundles.get(client) ?? bundle(dir, "minimal", client);
  bundles.set(client, bundled);
  return bundled;
}

/** Starts the bundle of a deployment in a bare workerd. */
async function startWorkerd({ out, files }: Bundle, apiUrl: string) {
  const config = join(out, "config.capnp");
  writeFileSync(config, configOf(Object.keys(files), apiUrl));
  const child = spawn(workerd.default, ["serve", "--control-fd=3", config], {
    stdio: ["ignore", 2, 2, "pipe"],
    detached: true,
  });
  const control = child.stdio[3] as Readable;
  const [line] = await Promise.race([
    once(control, "data"),
    once(child, "exit").then(() => Promise.reject(new Error("workerd did not start"))),
  ]);
  const stop = async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { url: `http://127.0.0.1:${JSON.parse(line).port}`, pid: Number(child.pid), stop };
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
