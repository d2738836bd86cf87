// Runs a program of an app: a command that exits, or a server.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

import { startProcess } from "../../scripts/process.ts";
import { listen } from "../support/listen.ts";

const LIMITS = { timeout: 600_000, maxBuffer: 64 * 1024 * 1024 };

/** The environment of a build: no telemetry, no prompts. */
const QUIET = {
  CI: "1",
  NO_COLOR: "1",
  ASTRO_TELEMETRY_DISABLED: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  NUXT_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
  YARN_ENABLE_TELEMETRY: "0",
  // In CI, Yarn otherwise installs only what a lock file contains.
  YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
};

/** Returns this process's environment, overridden by `env`, with the app's commands on PATH. */
function environment(dir: string, env: NodeJS.ProcessEnv = {}) {
  // Omits the test runner's variables, which other runners take for their own.
  const { NODE_TEST_CONTEXT: _, FORCE_COLOR: __, PATH, ...rest } = process.env;
  const path = [join(dir, "node_modules", ".bin"), PATH].join(delimiter);
  return { ...rest, ...QUIET, PATH: path, PWD: dir, ...env };
}

/** Runs a program. Returns its output, or throws it if the program fails. */
export async function execute(dir: string, [command, ...args]: string[], env?: NodeJS.ProcessEnv) {
  const options = { ...LIMITS, cwd: dir, env: environment(dir, env) };
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, options);
    return stdout + stderr;
  } catch (cause) {
    const { message, stdout } = cause as Error & { stdout: string };
    // The message contains stderr.
    throw new Error(`${message}\n${stdout}`, { cause });
  }
}

/**
 * Starts a server on a free port, which is passed as `PORT` and replaces `{port}` in the arguments.
 */
export async function serve(dir: string, [command, ...args]: string[], env: NodeJS.ProcessEnv) {
  const port = await freePort();
  const withPort = args.map((arg) => arg.replace("{port}", port));
  const server = await startProcess(command, withPort, {
    cwd: dir,
    env: environment(dir, { ...env, PORT: port, HOST: "127.0.0.1" }),
    ready: new RegExp(`(:${port})\\b`),
  });
  return Object.assign(server, { url: `http://127.0.0.1:${port}` });
}

async function freePort() {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, "close");
  return String(port);
}
