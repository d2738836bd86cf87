// Reads the CPU time and the memory of a process group on Linux.
import { globSync, readFileSync } from "node:fs";

/**
 * Returns the milliseconds of CPU that a group has used, and the resident MB of its largest
 * process.
 *
 * @param pid the leader of the group
 */
export function stats(pid: number) {
  let cpu = 0;
  let memory = 0;
  for (const process of globSync("/proc/[0-9]*").filter((process) => groupOf(process) === pid)) {
    // The first number is the nanoseconds of a thread.
    for (const thread of globSync(`${process}/task/*/schedstat`))
      cpu += Number(read(thread).split(" ")[0]) / 1e6;
    const [, kilobytes = 0] = read(`${process}/status`).match(/^VmRSS:\s+(\d+) kB/m) ?? [];
    memory = Math.max(memory, Number(kilobytes) / 1024);
  }
  return { cpu, memory };
}

/** Returns the group of a process. The name of its command, before it, may contain anything. */
function groupOf(process: string) {
  const stat = read(`${process}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
}

/** Returns a file's content; empty if the process has ended. */
function read(path: string) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
