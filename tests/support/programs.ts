// Runs the programs of tests/fixtures/programs with the packed tarball, in the runtimes that have
// AsyncLocalStorage.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe } from "node:test";

import { root } from "../../scripts/tools.js";
import { startProcess } from "../../scripts/process.ts";
import { bundleWorker, startWorker } from "../../scripts/worker.ts";
import { app } from "./app.ts";
import { once } from "./once.ts";
import { over, type Started } from "./runtimes.ts";

const dir = join(app, "fixtures", "programs");
const node = (command: string, ...args: string[]) =>
  startProcess(command, [...args, "main.ts"], { cwd: dir });
/** The bundle is the same with either flag. */
const worker = async (flag: string) => {
  const config = `${flag}.jsonc`;
  await once("programs-bundle", () => bundleWorker(dir, { config }));
  return startWorker(dir, { config, isBundled: true });
};

const STARTS: Record<string, () => Promise<Started>> = {
  Node: () => node("node", "--expose-gc"),
  Deno: () => node("deno", "run", "--allow-net=127.0.0.1"),
  Bun: () => node("bun"),
  "workerd, nodejs_compat": () => worker("nodejs_compat"),
  /** Without `cache` in a request and without FinalizationRegistry. */
  "workerd of 2024, nodejs_als": () => worker("nodejs_als"),
};

/** The runtimes' names, and those with the newest workerd only. */
export const RUNTIMES = Object.keys(STARTS);
export const SOME_RUNTIMES = RUNTIMES.slice(0, 4);

/** Starts a runtime. `run(program, argument)` runs a program in it. */
export async function startPrograms(name: string) {
  // At the same paths as in tests/.
  await once("programs", () => {
    for (const part of ["fixtures/programs", "fixtures/agent", "support/token.ts"])
      cpSync(join(root, "tests", part), join(app, part), { recursive: true });
  });
  const runtime = await over(STARTS[name]());
  const run = async (program: string, argument?: unknown) => {
    const { failed, result } = await runtime.call({ program, argument });
    if (failed) throw new Error(`${name}: ${failed}`);
    return result;
  };
  return { ...runtime, run };
}

type Run = Awaited<ReturnType<typeof startPrograms>>["run"];

/** Describes the tests of programs in each of these runtimes, which starts before them. */
export function inEachRuntime(names: string[], tests: (run: Run, name: string) => void) {
  for (const name of names)
    describe(name, () => {
      let programs: Awaited<ReturnType<typeof startPrograms>> | undefined;
      before(async () => (programs = await startPrograms(name)));
      after(() => programs?.[Symbol.asyncDispose]());
      tests((...args) => programs!.run(...args), name);
    });
}
