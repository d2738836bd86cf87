// A lock beside a file: only one process at a time writes the file. The lock also reserves room on the disk.
import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";

import { Failure, fileFailure } from "../errors.js";

/** @typedef {{ id?: string, pid?: number, host?: string, started?: string }} Owner */

/**
 * Takes the lock of a file.
 *
 * @param {string} path
 * @param {number} room the bytes to reserve
 * @throws {Failure} if another process has the lock
 */
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

/**
 * Creates the lock as a link to a file of our own: the lock appears complete or not at all, and never replaces another.
 *
 * @param {string} lockPath
 * @param {string} id
 * @param {string} content
 */
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
 * Removes the lock of a process that has ended. Several processes may find it at the same time: only one of them may remove
 * it, the one that holds a lock on the lock. Otherwise the second one would remove the new lock of the first.
 *
 * @param {string} lockPath
 * @param {string} id
 */
function breakStale(lockPath, id) {
  const owner = ownerOf(lockPath);
  if (!owner) return;
  if (isAlive(owner)) {
    const whose = owner.pid
      ? `process ${owner.pid} on ${owner.host} writes to it`
      : "its lock is not readable";
    const file = lockPath.replace(/\.lock$/, "");
    throw new Failure(`${file} is in use: ${whose}. If no command is running, delete ${lockPath}.`);
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

/**
 * Returns the owner of a lock; undefined if there is no lock.
 *
 * @param {string} lockPath
 * @returns {Owner | undefined}
 */
function ownerOf(lockPath) {
  let text = "";
  const read = () => {
    text = readFileSync(lockPath, "utf8");
  };
  if (!succeeds(read, "ENOENT")) return undefined;
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/**
 * Returns whether the owner of a lock runs; true in doubt.
 *
 * @param {Owner} owner
 */
function isAlive({ pid, host, started }) {
  if (pid === undefined || !Number.isInteger(pid) || host !== hostname()) return true;
  if (!succeeds(() => process.kill(pid, 0), "ESRCH")) return false;
  // Another process may have the same number by now.
  const now = startOf(pid);
  return now === started || now === undefined || started === undefined;
}

/**
 * Returns the start time of a process (on Linux only), or "ended" for a zombie.
 *
 * @param {number} pid
 */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? "ended" : rest[18];
  } catch {
    return undefined;
  }
}

/**
 * Runs `action`. Returns false if it fails with `code`.
 *
 * @param {() => void} action
 * @param {string} code
 */
function succeeds(action, code) {
  try {
    action();
    return true;
  } catch (error) {
    const actual = /** @type {NodeJS.ErrnoException} */ (error).code;
    if (actual === code) return false;
    // The process exists, but belongs to another user.
    if (actual === "EPERM" && code === "ESRCH") return true;
    throw error;
  }
}
