// Starts a server program and waits until it says where it listens.
import { spawn } from "node:child_process";
import { once } from "node:events";

/** Gives `{ url, pid, ended, output, stop() }` once the program's output matches `ready`, whose first group is the URL. */
export async function startProcess(
  command,
  args,
  { ready = /listening on (http\S+)/, ...options } = {},
) {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    ...options,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => (output += chunk));
  const url = await new Promise((resolve, reject) => {
    const watch = () => {
      const match = output.match(ready);
      if (match) resolve(match[1]);
    };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", watch);
    child.on("error", reject);
    child.on("close", (code) =>
      reject(new Error(`${command} ${args.join(" ")} ended with ${code}:\n${output}`)),
    );
  });
  const ended = once(child, "close");
  return {
    url,
    pid: child.pid,
    ended,
    get output() {
      return output;
    },
    stop: () => stop(child, ended),
  };
}

/** Ends a program and whatever it started. */
async function stop(child, ended) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, "SIGTERM");
  const killer = setTimeout(() => process.kill(-child.pid, "SIGKILL"), 5000);
  await ended;
  clearTimeout(killer);
}
