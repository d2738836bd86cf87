// Keeps other processes out of a results file. A lock file beside it holds off those that use the same folder, on any machine. A
// record in the file itself holds off those that have it under another name: a hard link, or a mount in another container.
import { randomUUID } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  truncateSync,
} from "node:fs";
import { hostname } from "node:os";
import { basename, dirname } from "node:path";

import { Failure, fileFailure, orUndefined } from "../errors.js";

/**
 * A process that writes a results file, as its lock and its record in the file name it.
 *
 * @typedef {object} Owner
 * @property {string} [run] an ID of its own
 * @property {number} [pid]
 * @property {string} [host]
 * @property {string} [boot] the ID of the machine's last start (Linux)
 * @property {string} [namespace] in which the process has its number (Linux)
 * @property {string} [started] when the process began (Linux)
 * @property {string} [place] the folder and the name of its lock
 */

/**
 * Returns this process as an owner.
 *
 * @returns {Owner}
 */
export function thisProcess() {
  return {
    pid: process.pid,
    host: hostname(),
    boot: orUndefined(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    namespace: orUndefined(() => readlinkSync("/proc/self/ns/pid")),
    started: startOf(process.pid),
  };
}

/** The lock file. It also reserves room on the disk. */
export class Lock {
  owner;
  #path;
  #text;
  #options;
  #isOurs = false;

  /**
   * Takes the lock. Leaves one whose owner has ended to {@link Lock.take}: several processes may find it.
   *
   * @param {string} file the real path of the results
   * @param {{ room: number, needsRoom: boolean }} options the bytes to reserve, and whether it fails without them
   * @throws {Failure} if another process may have the lock
   */
  constructor(file, options) {
    this.#path = `${file}.lock`;
    this.#options = options;
    const { dev, ino } = statSync(dirname(file), { bigint: true });
    const place = `${dev}:${ino}/${basename(file)}`;
    this.owner = { run: randomUUID(), ...thisProcess(), place };
    this.#text = `${JSON.stringify(this.owner)}\n`;
    process.on("exit", this.release);
    if (this.#write("wx")) return;
    const owner = ownerOf(this.#path);
    if (owner && lifeOf(owner) !== "ended") {
      this.release();
      throw inUse(file, owner, `delete ${this.#path}`);
    }
  }

  /** Takes over the lock of a process that has ended, once the record in the file says that no other one does. */
  take() {
    if (!this.#isOurs) this.#write("a+");
  }

  /** Whether the lock still exists: who deletes it may start another run. */
  get exists() {
    return existsSync(this.#path);
  }

  /** Frees the reserved room. */
  freeRoom() {
    truncateSync(this.#path, this.#text.length);
  }

  release = () => {
    process.off("exit", this.release);
    const owner = this.#isOurs ? ownerOf(this.#path) : undefined;
    // A lock that could not be written for lack of room is empty.
    if (owner && (owner.run ?? this.owner.run) === this.owner.run)
      rmSync(this.#path, { force: true });
    this.#isOurs = false;
  };

  /**
   * Writes the lock. Returns false if it exists already.
   *
   * @param {"wx" | "a+"} flags
   */
  #write(flags) {
    let fd;
    try {
      fd = openSync(this.#path, flags, 0o600);
      this.#isOurs = true;
      ftruncateSync(fd);
      appendFileSync(fd, this.#text + " ".repeat(this.#options.room));
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === "EEXIST") return false;
      if (this.#isOurs && code === "ENOSPC" && !this.#options.needsRoom) return true;
      this.release();
      throw fileFailure(error, this.#path);
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
    return true;
  }
}

/**
 * Returns the error for a file that another process may write.
 *
 * @param {string} file
 * @param {Owner} owner
 * @param {string} remedy
 */
export function inUse(file, { pid, host }, remedy) {
  const whose = pid ? `process ${pid} on ${host} writes to it` : "its lock is not readable";
  return new Failure(`${file} is in use: ${whose}. If no command is running, ${remedy}.`);
}

/**
 * Returns whether an owner has ended. A process in another container, on another machine, or before a restart is in doubt.
 *
 * @param {Owner} owner
 */
export function lifeOf({ pid, host, boot, namespace, started }) {
  const self = thisProcess();
  const isNear = host === self.host && boot === self.boot && namespace === self.namespace;
  if (!isNear || pid === undefined || !Number.isInteger(pid)) return "in doubt";
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ESRCH") return "ended";
  }
  // Another process may have the same number by now.
  const now = startOf(pid);
  return now === undefined || started === undefined || now === started ? "running" : "ended";
}

/**
 * Returns the owner of a lock; undefined if there is no lock.
 *
 * @param {string} path
 * @returns {Owner | undefined}
 */
function ownerOf(path) {
  if (!existsSync(path)) return undefined;
  const owner = orUndefined(() => JSON.parse(readFileSync(path, "utf8").split("\n", 1)[0]));
  return Object(owner);
}

/**
 * Returns the start time of a process (on Linux only), or "ended" for a zombie.
 *
 * @param {number} pid
 */
function startOf(pid) {
  return orUndefined(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? "ended" : rest[18];
  });
}
