// Runs JavaScript tests against the packed tarball and that of the command, installed into a new
// folder.
import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";

import { install } from "../install.ts";
import { commandTarball } from "../pack.ts";
import { root } from "../tools.js";
import { PANIC_WASM } from "./artifacts.ts";

/**
 * One more than the number of cores, since tests wait most of the time. Tests that write docs/ run
 * one by one.
 */
const CONCURRENCY = process.env.UPDATE_DOCS ? 1 : availableParallelism() + 1;

/**
 * Runs test files against a tarball. The test runner's summary is the end of the output. Returns
 * the exit status.
 */
export function testTarball(
  tarball: string,
  {
    files,
    flags = [],
    isPrepared = false,
  }: {
    files: string[];

    /** Of the test runner. */
    flags?: string[];

    /** Whether scripts/checks/artifacts.ts has run. */
    isPrepared?: boolean;
  },
) {
  const app = install([tarball, commandTarball()], ["tests/fixtures/agent", "lists"]);
  // A copy, since some tests pack again.
  const copy = join(dirname(app), basename(tarball));
  copyFileSync(tarball, copy);
  const reporter = new URL("reporter.ts", import.meta.url);
  const args = [
    "--test",
    `--test-reporter=${reporter}`,
    `--test-concurrency=${CONCURRENCY}`,
    "--test-timeout=600000",
  ];
  const prepared = isPrepared ? { TEST_PANIC_WASM: PANIC_WASM } : {};
  try {
    const { status, error } = spawnSync("node", [...args, ...flags, ...files], {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, TEST_APP: app, TEST_TARBALL: copy, ...prepared },
    });
    if (error) throw error;
    return status ?? 1;
  } finally {
    rmSync(dirname(app), { recursive: true, force: true });
  }
}
