// Runs a program of an app: one that ends, or one that serves.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

import { startProcess } from "../../scripts/process.js";

const LIMITS = { timeout: 600_000, maxBuffer: 64 * 1024 * 1024 };

/** What an app is built under: nobody is told of a test, nothing is asked. */
const QUIET = {
  CI: "1",
  NO_COLOR: "1",
  ASTRO_TELEMETRY_DISABLED: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  NUXT_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
  YARN_ENABLE_TELEMETRY: "0",
  // In CI, Yarn installs only what a lock file has.
  YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
};

/** `env` over that of this process, with the app's own commands at hand. */
function environment(dir, env) {
  // Not that of the test runner, which other runners take for their own.
  const { NODE_TEST_CONTEXT: _, FORCE_COLOR: __, PATH, ...rest } = process.env;
  const path = [join(dir, "node_modules", ".bin"), PATH].join(delimiter);
  return { ...rest, ...QUIET, PATH: path, PWD: dir, ...env };
}

/** Returns all that a program wrote; one that fails throws that. */
export async function execute(dir, [command, ...args], env) {
  const options = { ...LIMITS, cwd: dir, env: environment(dir, env) };
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, options);
    return stdout + stderr;
  } catch (cause) {
    // Its message holds what was written to stderr.
    throw new Error(`${cause.message}\n${cause.stdout}`, { cause });
  }
}

/** Starts a server on a free port, which it finds in `PORT` and in the place of `{port}` in its arguments. */
export async function serve(dir, [command, ...args], env) {
  const port = await freePort();
  const withPort = args.map((arg) => arg.replace("{port}", port));
  const server = await startProcess(command, withPort, {
    cwd: dir,
    env: environment(dir, { ...env, PORT: port, HOST: "127.0.0.1" }),
    ready: new RegExp(`(:${port})\\b`),
  });
  return {
    url: `http://127.0.0.1:${port}`,
    get output() {
      return server.output;
    },
    stop: () => server.stop(),
  };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return String(port);
}
