// Runs the installed command against an emulator, in a separate folder for each test.
import assert from "node:assert/strict";
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
  /** Resolves to the exit code. */
  ended;

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on("data", (chunk) => (this.stdout += chunk));
    child.stderr?.on("data", (chunk) => (this.stderr += chunk));
    // It may end before it has read everything.
    child.stdin?.on("error", () => {});
    this.ended = once(child, "close").then(() => child.exitCode);
  }

  /** Waits until it has ended. Checks its exit code and messages, and returns it. */
  async ends(code: number, ...messages: RegExp[]) {
    assert.equal(await this.ended, code, this.stdout + this.stderr);
    for (const message of messages) assert.match(this.stderr, message);
    return this;
  }

  /** Waits until it has printed something. */
  async prints(text: RegExp) {
    const ended = this.ended.then(() => true);
    for (let isOver = false; !text.test(this.stdout + this.stderr);) {
      if (isOver) throw new Error(`ended without ${text}: ${this.stdout}${this.stderr}`);
      isOver = await Promise.race([ended, sleep(10, false)]);
    }
  }

  /** Writes to its standard input, or types at its terminal. */
  types(text: string, isEnd = false) {
    this.child.stdin?.write(text);
    if (isEnd) this.child.stdin?.end();
    return this;
  }

  /** Interrupts it, and waits until it says so. */
  async interrupt() {
    this.child.kill("SIGINT");
    await this.prints(/Stopping|Waiting/);
  }

  /** Interrupts it a second time. A sooner signal may be the same key press. */
  async interruptAgain() {
    await sleep(600);
    this.child.kill("SIGINT");
  }

  /** Kills it, and waits until it has ended. */
  kill() {
    this.child.kill("SIGKILL");
    return this.ended;
  }
}

class Command {
  emulator!: Emulator;
  control!: Control;
  /** `parent` contains the folders of all tests, `dir` is the current test's. */
  parent!: string;
  dir!: string;
  #running = new Set<Program>();

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

  /** Writes users.csv: a list, or so many users. */
  list(list: string | number) {
    return this.file("users.csv", typeof list === "number" ? usersList(list) : list);
  }

  /** Starts the command. */
  run(args: string[], { runtime = RUNTIMES.Node, ...options }: Options = {}) {
    return this.spawn([...runtime, COMMAND, ...args], options);
  }

  /** Starts any program like `run`, with the command's environment. */
  spawn([program, ...args]: string[], { env = {}, ...options }: SpawnOptions = {}) {
    const own = { CLERK_SECRET_KEY: SECRET_KEY, CLERK_API_URL: this.emulator.url };
    const all = { cwd: this.dir, env: { ...process.env, ...own, ...env }, ...options };
    const started = new Program(spawn(program, args, all));
    this.#running.add(started);
    started.child.once("close", () => this.#running.delete(started));
    return started;
  }

  /** Kills what is still running, after a test that failed. */
  killAll() {
    for (const program of this.#running) void program.kill();
  }

  /** Starts bulk over a list, or over so many users, without a delay. */
  bulk(list: string | number, more: string[] = [], options?: Options) {
    this.list(list);
    return this.run([...BULK, ...more], options);
  }

  /** Returns an environment in which Node's `fs` is changed by this code. */
  failing(code: string) {
    const sync = 'import { syncBuiltinESMExports } from "node:module";';
    const text = `import fs from "node:fs"; ${sync}\n${code}\nsyncBuiltinESMExports();`;
    return { NODE_OPTIONS: `--import=${this.file("fail.mjs", text)}` };
  }

  /** Returns the records of a results file, but for those of runs. Throws if a line is not JSON. */
  records(path = this.results): ResultRecord[] {
    const lines = readFileSync(path, "utf8").split("\n");
    assert.equal(lines.pop(), "", "the last line has a line end");
    return lines.map((line) => JSON.parse(line)).filter(({ run, ended }) => !run && !ended);
  }

  /** Returns the last record of each user. */
  users(path?: string) {
    const records = this.records(path).filter(({ user_id }) => user_id);
    return new Map(records.map((record) => [record.user_id, record]));
  }

  /** Counts the users of a results file by state. */
  states(path?: string) {
    const counts: Record<string, number> = {};
    for (const { state = "" } of this.users(path).values())
      counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }

  /** Starts a revoke of the tokens of the results file, or of another one. */
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
