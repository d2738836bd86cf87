// Runs the installed command against an emulator, in a separate folder for each test.
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, afterEach, before, beforeEach } from "node:test";

import type { Control } from "../../emulator/control.ts";
import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import type { ResultRecord } from "../../cli/results/records.ts";
import { app } from "./app.ts";
import type { Emulator } from "./client.ts";

export const COMMAND = join(app, "node_modules", "clerk-sign-in-tokens-cli", "dist", "main.js");

export const RUNTIMES = {
  Node: ["node"],
  Deno: ["deno", "run", "--allow-all"],
  Bun: ["bun"],
};

/** A rate limit that delays no test. */
export const FAST = ["--rate-limit", "100000"];

/** Runs bulk over users.csv. */
export const BULK = ["bulk", "users.csv", "-o", "results.ndjson", ...FAST];

type Options = SpawnOptions & { runtime?: string[] };

/** A program that was started. */
class Program {
  child;
  stdout = "";
  stderr = "";
  /** Resolves to the exit code and the output. */
  ended;

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on("data", (chunk) => (this.stdout += chunk));
    child.stderr?.on("data", (chunk) => (this.stderr += chunk));
    // It may end before it has read everything.
    child.stdin?.on("error", () => {});
    this.ended = this.#end();
  }

  /** Waits until it has printed something. */
  async prints(text: RegExp) {
    const ended = this.ended.then(() => true);
    for (let isOver = false; !text.test(this.stdout + this.stderr);) {
      if (isOver) throw new Error(`ended without ${text}: ${this.stdout}${this.stderr}`);
      isOver = await Promise.race([ended, sleep(10, false)]);
    }
  }

  /** Interrupts it, and waits until it says so. */
  async interrupt() {
    this.child.kill("SIGINT");
    await this.prints(/Stopping|Waiting/);
  }

  async #end() {
    await once(this.child, "close");
    return { code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }
}

class Command {
  emulator!: Emulator;
  control!: Control;
  /** `parent` contains the folders of all tests, `dir` is the current test's. */
  parent!: string;
  dir!: string;
  #running = new Set<ChildProcess>();

  /** The path of the results file. */
  get results() {
    return this.file("results.ndjson");
  }

  /** Returns a path in this test's folder. Writes `text` to it if given. */
  file(name: string, text?: string | Uint8Array) {
    const path = join(this.dir, name);
    if (text !== undefined) writeFileSync(path, text);
    return path;
  }

  /** Starts the command. */
  start(args: string[], { runtime = RUNTIMES.Node, ...options }: Options = {}) {
    return this.spawn([...runtime, COMMAND, ...args], options);
  }

  /** Starts any program like `start`, with the command's environment. */
  spawn([program, ...args]: string[], { env = {}, cwd = this.dir, ...options }: SpawnOptions = {}) {
    const own = { CLERK_SECRET_KEY: SECRET_KEY, CLERK_API_URL: this.emulator.url };
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...own, ...env },
      ...options,
    });
    this.#running.add(child);
    child.once("close", () => this.#running.delete(child));
    return new Program(child);
  }

  /** Kills what is still running, after a test that failed. */
  killAll() {
    for (const child of this.#running) child.kill("SIGKILL");
  }

  /** Runs the command until it exits. Its standard input is empty. */
  run(args: string[], options?: Options) {
    return this.start(args, { stdio: ["ignore", "pipe", "pipe"], ...options }).ended;
  }

  /** Runs bulk over a list, or over so many users, without a delay. */
  bulk(list: string | number, more: string[] = [], options?: Options) {
    this.file("users.csv", typeof list === "number" ? usersList(list) : list);
    return this.run([...BULK, ...more], options);
  }

  /** Starts bulk with standard input as its list, of which it gets `users` at first. */
  bulkFrom(users: number, more: string[] = [], options?: Options) {
    const program = this.start(["bulk", "-", "-o", "results.ndjson", ...FAST, ...more], options);
    program.child.stdin?.write(usersList(users));
    return program;
  }

  /** Returns an environment in which Node's `fs` is changed by this code. */
  failing(code: string) {
    const sync = 'import { syncBuiltinESMExports } from "node:module";';
    const text = `import fs from "node:fs"; ${sync}\n${code}\nsyncBuiltinESMExports();`;
    return { NODE_OPTIONS: `--import=${this.file("fail.mjs", text)}` };
  }

  /** Revokes the tokens of the results file, or of another one. */
  revoke(more: string[] = [], from = "results.ndjson") {
    return this.run(["revoke", "--from", from, ...FAST, ...more]);
  }
}

/** Returns what the tests of a file share. Call it once, at the top. */
export function useCommand() {
  const shared = new Command();
  before(async () => {
    shared.emulator = await startEmulator({ rateLimit: 0 });
    shared.control = shared.emulator.control;
    shared.parent = mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-cli-"));
  });
  beforeEach(async () => {
    await shared.control.reset();
    shared.dir = mkdtempSync(join(shared.parent, "test-"));
  });
  afterEach(() => shared.killAll());
  after(async () => {
    await shared.emulator.close();
    rmSync(shared.parent, { recursive: true, force: true });
  });
  return shared;
}

/** Returns `count` user IDs, one per line. */
export function usersList(count: number, first = 0) {
  return Array.from({ length: count }, (_, n) => `user_${first + n}\n`).join("");
}

/** Returns the records of a results file, but for those of runs. Throws if a line is not JSON. */
export function recordsOf(path: string): ResultRecord[] {
  const lines = readFileSync(path, "utf8").split("\n");
  if (lines.pop() !== "") throw new Error("the last line has no line end");
  return lines.map((line) => JSON.parse(line)).filter(({ run, ended }) => !run && !ended);
}

/** Returns the last record of each user. */
export function lastRecords(path: string) {
  const records = recordsOf(path).filter(({ user_id }) => user_id);
  return new Map(records.map((record) => [record.user_id, record]));
}

/** Counts the users of a results file by state. */
export function statesOf(path: string) {
  const states: Record<string, number> = {};
  for (const { state = "" } of lastRecords(path).values()) states[state] = (states[state] ?? 0) + 1;
  return states;
}
