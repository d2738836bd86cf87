// A lock beside a file, so that one process at a time writes it. It holds room on the disk besides.
import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";

import { Failure, fileFailure } from "../failure.js";

/** Takes the lock of the file at `path`, with `room` bytes of room. Throws a {@link Failure} where another process has it. */
export function lock(path, room) {
  const lockPath = `${path}.lock`;
  const owner = {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid),
  };
  const text = `${JSON.stringify(owner)}\n`;
  try {
    take(lockPath, owner.id, text + " ".repeat(room));
  } catch (error) {
    throw error instanceof Failure ? error : fileFailure(error, lockPath);
  }
  const release = () => {
    process.off("exit", release);
    if (ownerOf(lockPath)?.id === owner.id) rmSync(lockPath, { force: true });
  };
  process.on("exit", release);
  return { release, freeRoom: () => truncateSync(lockPath, text.length) };
}

/** The lock is a link to a file of our own: it appears whole or not at all, and only where there is none. */
function take(lockPath, id, content) {
  const own = `${lockPath}.${id}`;
  try {
    writeFileSync(own, content, { flag: "wx", mode: 0o600 });
    while (!succeeds(() => linkSync(own, lockPath), "EEXIST")) breakStale(lockPath, id);
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Removes the lock of a process that is gone. Two may see at once that it is: only who locks the dead owner's very lock may
 * remove it, and only if it is still there. Otherwise the second would remove the new lock of the first.
 */
function breakStale(lockPath, id) {
  const owner = ownerOf(lockPath);
  if (!owner) return;
  if (isAlive(owner)) {
    const whose = owner.pid
      ? `process ${owner.pid} on ${owner.host} writes it`
      : "its lock is not readable";
    const file = lockPath.replace(/\.lock$/, "");
    throw new Failure(`${file} is in use: ${whose}. If no command runs, delete ${lockPath}.`);
  }
  const claim = `${lockPath}.${owner.id}.stale`;
  take(
    claim,
    id,
    JSON.stringify({ id, pid: process.pid, host: hostname(), started: startOf(process.pid) }),
  );
  try {
    if (ownerOf(lockPath)?.id === owner.id) rmSync(lockPath, { force: true });
  } finally {
    rmSync(claim, { force: true });
  }
}

/** Whose lock it is; undefined where there is none. */
function ownerOf(lockPath) {
  let text;
  if (!succeeds(() => (text = readFileSync(lockPath, "utf8")), "ENOENT")) return undefined;
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** In doubt it is. */
function isAlive({ pid, host, started }) {
  if (!Number.isInteger(pid) || host !== hostname()) return true;
  if (!succeeds(() => process.kill(pid, 0), "ESRCH")) return false;
  // The number may have been given to another process since.
  const now = startOf(pid);
  return now === started || now === undefined || started === undefined;
}

/** When a process began, where the system tells (Linux); of one that has ended but was not waited for, "ended". */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? "ended" : rest[18];
  } catch {
    return undefined;
  }
}

/** Runs `action`; false where it fails with `code`. */
function succeeds(action, code) {
  try {
    action();
    return true;
  } catch (error) {
    if (error.code === code) return false;
    if (error.code === "EPERM" && code === "ESRCH") return true;
    throw error;
  }
}
