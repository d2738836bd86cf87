// What a process group has used so far, as Linux counts it.
import { readdirSync, readFileSync } from "node:fs";

/** `{ cpu, memory }` of the group that `pid` leads: milliseconds of CPU, and the resident MB of its largest process. */
export function stats(pid) {
  let cpu = 0;
  let memory = 0;
  for (const process of members(pid)) {
    for (const task of list(`/proc/${process}/task`)) cpu += schedule(process, task) / 1e6;
    memory = Math.max(memory, residentMegabytes(process));
  }
  return { cpu, memory };
}

function members(group) {
  return list("/proc").filter((name) => /^\d+$/.test(name) && Number(fields(name)[2]) === group);
}

/** The fields after the command's name, which may hold anything. */
function fields(process) {
  const stat = read(`/proc/${process}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function schedule(process, task) {
  return Number(read(`/proc/${process}/task/${task}/schedstat`).split(" ")[0]);
}

function residentMegabytes(process) {
  const [, kilobytes = 0] = read(`/proc/${process}/status`).match(/^VmRSS:\s+(\d+) kB/m) ?? [];
  return kilobytes / 1024;
}

/** A process may end while it is looked at. */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
