// Reads the CPU time and the memory of a process group on Linux.
import { readdirSync, readFileSync } from "node:fs";

/**
 * Returns the milliseconds of CPU that a group has used, and the resident MB of its largest
 * process.
 *
 * @param pid the leader of the group
 */
export function stats(pid: number) {
  let cpu = 0;
  let memory = 0;
  for (const process of members(pid)) {
    for (const task of list(`/proc/${process}/task`)) cpu += schedule(process, task) / 1e6;
    memory = Math.max(memory, residentMegabytes(process));
  }
  return { cpu, memory };
}

function members(group: number) {
  return list("/proc").filter((name) => /^\d+$/.test(name) && Number(fields(name)[2]) === group);
}

/** Returns the fields behind the command's name, which may contain anything. */
function fields(process: string) {
  const stat = read(`/proc/${process}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** Returns the nanoseconds of CPU of a thread. */
function schedule(process: string, task: string) {
  return Number(read(`/proc/${process}/task/${task}/schedstat`).split(" ")[0]);
}

function residentMegabytes(process: string) {
  const [, kilobytes = 0] = read(`/proc/${process}/status`).match(/^VmRSS:\s+(\d+) kB/m) ?? [];
  return Number(kilobytes) / 1024;
}

/** Returns a file's content; empty if the process has ended. */
function read(path: string) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function list(path: string) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
