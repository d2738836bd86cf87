// Runs the installed command against an emulator, in a separate folder for each test.
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach } from "node:test";

import type { Control } from "../../emulator/control-client.ts";
import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { app } from "./app.ts";
import type { Emulator } from "./client.ts";

export { closedPort as deserted } from "./closed-port.ts";

export const COMMAND = join(app, "node_modules", "clerk-sign-in-tokens-cli", "dist", "main.js");

export const RUNTIMES = {
  Node: ["node"],
  Deno: ["deno", "run", "--allow-all"],
  Bun: ["bun"],
};

/** A rate limit that delays no test. */
export const FAST = ["--rate-limit", "100000"];

interface End {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

interface Running extends Pick<End, "stdout" | "stderr"> {
  child: ChildProcess;
  ended: Promise<End>;
}

type Options = SpawnOptions & { runtime?: string[] };

class Command {
  emulator!: Emulator;
  control!: Control;
  /** `parent` contains the folders of all tests, `dir` is the current test's. */
  parent!: string;
  dir!: string;
  #running = new Set<ChildProcess>();

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
    const running: Running = {
      child,
      stdout: "",
      stderr: "",
      ended: once(child, "close").then(([code, signal]) => {
        const { stdout, stderr } = running;
        return { code, signal, stdout, stderr };
      }),
    };
    for (const name of ["stdout", "stderr"] as const)
      child[name]?.on("data", (chunk) => (running[name] += chunk));
    return running;
  }

  /** Kills what is still running, after a test that failed. */
  killAll() {
    for (const child of this.#running) child.kill("SIGKILL");
  }

  /** Runs the command until it exits. Its standard input is empty. */
  run(args: string[], options?: Options) {
    return this.start(args, { stdio: ["ignore", "pipe", "pipe"], ...options }).ended;
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
export function recordsOf(path: string) {
  const lines = readFileSync(path, "utf8").split("\n");
  if (lines.pop() !== "") throw new Error("the last line has no line end");
  return lines.map((line) => JSON.parse(line)).filter(({ run, ended }) => !run && !ended);
}

/** Returns the last record of each user. */
export function lastRecords(path: string) {
  return new Map(
    recordsOf(path)
      .filter(({ user_id }) => user_id)
      .map((record) => [record.user_id, record]),
  );
}

/** Counts the users of a results file by state. */
export function statesOf(path: string) {
  const states: Record<string, number> = {};
  for (const { state } of lastRecords(path).values()) states[state] = (states[state] ?? 0) + 1;
  return states;
}
