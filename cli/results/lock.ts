// Keeps other processes out of a results file. A lock file beside it holds off those that use the
// same folder, on any machine. A record in the file itself, which names the same owner, holds off
// those that have it under another name: a hard link, or a mount in another container.
import { randomUUID } from "node:crypto";
import {
  existsSync,
  linkSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { basename, dirname } from "node:path";

import { Failure, fileFailure, isFileError, orUndefined } from "../errors.ts";

/** A process that writes a results file. */
export interface Owner {
  /** An ID of its own. */
  run?: string;
  pid?: number;
  host?: string;
  /** The ID of the machine's last start (Linux). */
  boot?: string;
  /** In which the process has its number (Linux). */
  namespace?: string;
  /** When the process began (Linux). */
  started?: string;
  /** The folder and the name of its lock. */
  place?: string;
}

export function thisProcess(): Owner {
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
  owner: Owner;
  #file;
  #path;
  #text;
  #options;
  #isOurs = false;

  /**
   * Takes the lock. One whose owner has ended is left to {@link Lock.takeOver}: several processes
   * may find it.
   *
   * @param options the bytes to reserve, and whether it fails without them
   * @throws {Failure} if another process may have the lock
   */
  constructor(file: string, options: { room: number; needsRoom: boolean }) {
    this.#file = file;
    this.#path = `${file}.lock`;
    this.#options = options;
    const { dev, ino } = statSync(dirname(file), { bigint: true });
    this.owner = { run: randomUUID(), ...thisProcess(), place: `${dev}:${ino}/${basename(file)}` };
    this.#text = `${JSON.stringify(this.owner)}\n`;
    process.on("exit", this.release);
    if (this.#write(false)) return;
    const owner = ownerOf(this.#path);
    if (!owner || lifeOf(owner) === "ended") return;
    this.release();
    throw inUse(file, owner, `delete ${this.#path}`);
  }

  /** Takes over the lock of a process that has ended, once the file is known to be ours. */
  takeOver() {
    if (!this.#isOurs) this.#write(true);
  }

  /** Whether the lock still exists: who deletes it may start another run. */
  get exists() {
    return existsSync(this.#path);
  }

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

  /** Writes the lock, which appears complete where it can. Returns false if it exists already. */
  #write(isTakeOver: boolean) {
    const text = this.#text + " ".repeat(this.#options.room);
    const own = `${this.#path}.${this.owner.run}`;
    try {
      writeFileSync(own, text, { flag: "wx", mode: 0o600 });
      if (isTakeOver) renameSync(own, this.#path);
      else if (!isLinked(own, this.#path)) this.#create(text);
      this.#isOurs = true;
      return true;
    } catch (error) {
      if (isFileError(error, "EEXIST")) return false;
      rmSync(own, { force: true });
      if (!this.#options.needsRoom && isFileError(error, "ENOSPC")) return this.#create("");
      this.release();
      throw fileFailure(error, existsSync(this.#file) ? this.#path : this.#file);
    } finally {
      rmSync(own, { force: true });
    }
  }

  /** Creates the lock in its place. Returns false if it exists already. */
  #create(text: string) {
    try {
      writeFileSync(this.#path, text, { flag: "wx", mode: 0o600 });
    } catch (error) {
      if (text !== "" || !isFileError(error, "EEXIST")) throw error;
      return false;
    }
    return (this.#isOurs = true);
  }
}

/** Links a file. Returns false where the file system has no links, such as SMB and exFAT. */
function isLinked(from: string, to: string) {
  try {
    linkSync(from, to);
  } catch (error) {
    if (isFileError(error, "EEXIST")) throw error;
    return false;
  }
  return true;
}

/** Returns the error for a file that another process may write. */
export function inUse(file: string, { pid, host }: Owner, remedy: string) {
  const whose = pid ? `process ${pid} on ${host} writes to it` : "its lock is not readable";
  return new Failure(`${file} is in use: ${whose}. If no command is running, ${remedy}.`);
}

/** Returns whether an owner has ended. One in another container or before a restart is in doubt. */
export function lifeOf({ pid, host, boot, namespace, started }: Owner) {
  const self = thisProcess();
  const isNear = host === self.host && boot === self.boot && namespace === self.namespace;
  if (!isNear || pid === undefined || !Number.isInteger(pid)) return "in doubt";
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isFileError(error, "ESRCH")) return "ended";
  }
  // Another process may have the same number by now.
  const now = startOf(pid);
  return now === undefined || started === undefined || now === started ? "running" : "ended";
}

/** Returns the owner of a lock; undefined if there is no lock. */
function ownerOf(path: string): Owner | undefined {
  if (!existsSync(path)) return undefined;
  return Object(orUndefined(() => JSON.parse(readFileSync(path, "utf8").split("\n", 1)[0])));
}

/** Returns the start time of a process (on Linux only), or "ended" for a zombie. */
function startOf(pid: number) {
  return orUndefined(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? "ended" : rest[18];
  });
}
