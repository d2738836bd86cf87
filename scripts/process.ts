// Starts a server program and waits until it prints its address.
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ChildProcess, SpawnOptions } from "node:child_process";

/**
 * Starts a program in a process group of its own. Resolves when its output matches `ready`, whose
 * first group is the URL.
 */
export async function startProcess(
  command: string,
  args: string[],
  {
    ready = /listening on (http\S+)/,
    ...options
  }: { ready?: RegExp } & Omit<SpawnOptions, "stdio"> = {},
) {
  const child = spawn(command, args, {
    detached: true,
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk;
    });
  const url: string = await new Promise((resolve, reject) => {
    const look = () => {
      const [, found] = output.match(ready) ?? [];
      if (found) resolve(found);
    };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", look);
    child.on("error", reject);
    child.on("close", (code) =>
      reject(new Error(`${command} ${args.join(" ")} ended with ${code}:\n${output}`)),
    );
  });
  const ended = once(child, "close");
  return {
    url,
    pid: Number(child.pid),
    ended,
    get output() {
      return output;
    },
    stop: (signal?: NodeJS.Signals) => stop(child, ended, signal),
  };
}

/** Ends a program and all processes that it started. */
async function stop(child: ChildProcess, ended: Promise<unknown>, signal?: NodeJS.Signals) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const group = -Number(child.pid);
  process.kill(group, signal ?? "SIGTERM");
  const killer = setTimeout(() => process.kill(group, "SIGKILL"), 5000);
  await ended;
  clearTimeout(killer);
}
