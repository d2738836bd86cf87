// Starts a server program and waits until it says where it listens.
import { spawn } from "node:child_process";

/** Gives `{ url, pid, output, stop() }` once the program's output matches `ready`, whose first group is the URL. */
export async function startProcess(command, args, { ready = /listening on (http\S+)/, ...options } = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, ...options });
  let output = "";
  const url = await new Promise((resolve, reject) => {
    const watch = (chunk) => {
      output += chunk;
      const match = output.match(ready);
      if (match) resolve(match[1]);
    };
    child.stdout.on("data", watch);
    child.stderr.on("data", watch);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${command} ${args.join(" ")} ended with ${code}:\n${output}`)));
  });
  return {
    url,
    pid: child.pid,
    get output() {
      return output;
    },
    /** Ends the program and whatever it started. */
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      process.kill(-child.pid, "SIGTERM");
      const killer = setTimeout(() => process.kill(-child.pid, "SIGKILL"), 5000);
      await ended;
      clearTimeout(killer);
    },
  };
}
