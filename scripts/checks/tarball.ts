// Runs JavaScript tests against the packed tarball and that of the command, installed into a new
// folder.
import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";

import { install } from "../install.ts";
import { commandTarball } from "../pack.ts";
import { root } from "../tools.js";

/**
 * One more than the number of cores, since tests wait most of the time. Tests that write docs/ run
 * one by one.
 */
const CONCURRENCY = process.env.UPDATE_DOCS ? 1 : availableParallelism() + 1;

/**
 * Runs test files against a tarball, with flags of Node's test runner. Its summary is the end of
 * the output. Returns the exit status.
 */
export function testTarball(tarball: string, files: string[], flags: string[] = []) {
  const app = install([tarball, commandTarball()], ["tests/fixtures/agent", "lists"]);
  // A copy, since some tests pack again.
  const copy = join(dirname(app), basename(tarball));
  copyFileSync(tarball, copy);
  const args = [
    "--test",
    `--test-reporter=${new URL("reporter.ts", import.meta.url)}`,
    `--test-concurrency=${CONCURRENCY}`,
    "--test-timeout=600000",
  ];
  try {
    const { status, error } = spawnSync("node", [...args, ...flags, ...files], {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, TEST_APP: app, TEST_TARBALL: copy },
    });
    if (error) throw error;
    return status ?? 1;
  } finally {
    rmSync(dirname(app), { recursive: true, force: true });
  }
}
