// The runtimes that the clients are measured in: a process each for the load, a fresh process for each cold start.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import workerd from "workerd";

import { startProcess } from "../scripts/process.js";
import { bundle } from "./size.js";

const COMMANDS = {
  Deno: ["deno", "run", "--allow-net=127.0.0.1", "--allow-env", "--allow-read", "--no-lock"],
  Bun: ["bun"],
  Node: ["node"],
};

export const RUNTIMES = ["workerd", ...Object.keys(COMMANDS)];

/** Starts the load with this client: `{ url, pid, stop() }`. */
export function startLoad(runtime, { dir, client, apiUrl }) {
  if (runtime === "workerd") return startWorkerd(bundle(dir, "worker", client), apiUrl);
  const [command, ...args] = COMMANDS[runtime];
  return startProcess(
    command,
    [...args, `agents/${runtime.toLowerCase()}.js`, `../clients/${client}.js`, apiUrl],
    { cwd: dir },
  );
}

/**
 * Milliseconds to the first answer: from the import on, or in workerd, where no clock runs at start-up, from the start of
 * the process.
 */
export async function coldStart(runtime, { dir, client, apiUrl }) {
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

const bundles = new Map();

function bundledOnce(dir, client) {
  if (!bundles.has(client)) bundles.set(client, bundle(dir, "minimal", client));
  return bundles.get(client);
}

/** Exactly the bundle that a deployment would ship, in a bare workerd. */
async function startWorkerd({ out, files }, apiUrl) {
  const modules = Object.keys(files)
    .sort((a) => (a.endsWith(".js") ? -1 : 1))
    .map(
      (name) =>
        `(name = "${name}", ${name.endsWith(".js") ? "esModule" : "wasm"} = embed "${name}")`,
    );
  const config = join(out, "config.capnp");
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
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
`,
  );
  const child = spawn(workerd.default, ["serve", "--control-fd=3", config], {
    stdio: ["ignore", 2, 2, "pipe"],
    detached: true,
  });
  const [line] = await Promise.race([
    once(child.stdio[3], "data"),
    once(child, "exit").then(() => Promise.reject(new Error("workerd did not start"))),
  ]);
  const stop = async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { url: `http://127.0.0.1:${JSON.parse(line).port}`, pid: child.pid, stop };
}
