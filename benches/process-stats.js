// Reads the CPU time and the memory of a process group on Linux.
import { readdirSync, readFileSync } from "node:fs";

/**
 * Returns the milliseconds of CPU that a group has used, and the resident MB of its largest process.
 *
 * @param {number} pid the leader of the group
 */
export function stats(pid) {
  let cpu = 0;
  let memory = 0;
  for (const process of members(pid)) {
    for (const task of list(`/proc/${process}/task`)) cpu += schedule(process, task) / 1e6;
    memory = Math.max(memory, residentMegabytes(process));
  }
  return { cpu, memory };
}

/** @param {number} group */
function members(group) {
  return list("/proc").filter((name) => /^\d+$/.test(name) && Number(fields(name)[2]) === group);
}

/**
 * Returns the fields behind the command's name, which may contain anything.
 *
 * @param {string} process
 */
function fields(process) {
  const stat = read(`/proc/${process}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/**
 * Returns the nanoseconds of CPU of a thread.
 *
 * @param {string} process
 * @param {string} task
 */
function schedule(process, task) {
  return Number(read(`/proc/${process}/task/${task}/schedstat`).split(" ")[0]);
}

/** @param {string} process */
function residentMegabytes(process) {
  const [, kilobytes = 0] = read(`/proc/${process}/status`).match(/^VmRSS:\s+(\d+) kB/m) ?? [];
  return Number(kilobytes) / 1024;
}

/**
 * Returns a file's content; empty if the process has ended.
 *
 * @param {string} path
 */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** @param {string} path */
function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
