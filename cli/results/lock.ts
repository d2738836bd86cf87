// Keeps other processes out of a results file: by a lock file beside it those that use the same
// folder, on any machine; by a record in the file, which names the same owner, those that have it
// under another name: a hard link, or a mount in another container.
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
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
    boot: orUndefined(() => fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    namespace: orUndefined(() => fs.readlinkSync("/proc/self/ns/pid")),
    started: startOf(process.pid),
  };
}

/** Creates a file, which must not exist. */
const NEW = { flag: "wx", mode: 0o600 };

/** The lock file. It also reserves room on the disk. */
export class Lock {
  owner: Owner;
  /** Whether the lock file is this process's. */
  isOurs;
  path;
  #line;
  #text;

  /**
   * Takes the lock. One whose owner has ended is left to {@link Lock.takeOver}: several processes
   * may find it.
   *
   * @param room the bytes to reserve; without any, the lock may be empty on a full disk
   * @throws {Failure} if another process may have the lock
   */
  constructor(file: string, room: number) {
    this.path = `${file}.lock`;
    const { dev, ino } = fs.statSync(dirname(file), { bigint: true });
    this.owner = { run: randomUUID(), ...thisProcess(), place: `${dev}:${ino}/${basename(file)}` };
    this.#line = `${JSON.stringify(this.owner)}\n`;
    this.#text = this.#line + " ".repeat(room);
    process.on("exit", this.release);
    try {
      this.isOurs = this.#create(room > 0);
      const owner = this.isOurs ? undefined : ownerOf(this.path);
      if (owner && lifeOf(owner) !== "ended") throw inUse(file, owner, `delete ${this.path}`);
    } catch (error) {
      this.release();
      throw fileFailure(error, fs.existsSync(file) ? this.path : file);
    }
  }

  /** Takes over the lock of a process that has ended, once the file is known to be ours. */
  takeOver() {
    if (!this.isOurs) this.isOurs = this.#put((own) => fs.renameSync(own, this.path));
  }

  freeRoom() {
    fs.truncateSync(this.path, this.#line.length);
  }

  release = () => {
    process.off("exit", this.release);
    // Somebody may have deleted it, and another run made its own. On a full disk it is empty.
    const { run } = { run: this.owner.run, ...ownerOf(this.path) };
    if (this.isOurs && run === this.owner.run) fs.rmSync(this.path, { force: true });
    this.isOurs = false;
  };

  /** Creates the lock. Returns false if it exists already. */
  #create(needsRoom: boolean): boolean {
    try {
      return this.#put((own) => this.#link(own));
    } catch (error) {
      if (isFileError(error, "EEXIST")) return false;
      if (needsRoom || this.#text === "" || !isFileError(error, "ENOSPC")) throw error;
      this.#text = "";
      return this.#create(needsRoom);
    }
  }

  /** Writes the lock under a name of its own, from which `place` makes it appear complete. */
  #put(place: (own: string) => void) {
    const own = `${this.path}.${this.owner.run}`;
    try {
      fs.writeFileSync(own, this.#text, NEW);
      place(own);
      return true;
    } finally {
      fs.rmSync(own, { force: true });
    }
  }

  #link(own: string) {
    try {
      fs.linkSync(own, this.path);
    } catch (error) {
      if (isFileError(error, "EEXIST")) throw error;
      // The file system has no links, such as SMB and exFAT.
      fs.rmSync(own);
      fs.writeFileSync(this.path, this.#text, NEW);
    }
  }
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
  if (!fs.existsSync(path)) return undefined;
  return Object(orUndefined(() => JSON.parse(fs.readFileSync(path, "utf8").split("\n", 1)[0])));
}

/** Returns the start time of a process (on Linux only), or "ended" for a zombie. */
function startOf(pid: number) {
  return orUndefined(() => {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? "ended" : rest[18];
  });
}
