// Runs JavaScript tests against the packed tarball and that of the command, installed into a new folder.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname } from "node:path";

import { install } from "../install.js";
import { commandTarball } from "../pack.js";
import { root } from "../tools.js";

const ALL = ["{tests,emulator}/**/*.test.js"];

/** Runs `files` with node's `flags`, and returns the exit status. The test runner's summary is the last thing printed. */
export function testTarball(tarball, files = ALL, flags = []) {
  const app = install([tarball, commandTarball()], ["tests/fixtures/agent"]);
  const reporter = new URL("reporter.js", import.meta.url);
  const args = ["--test", `--test-reporter=${reporter}`, "--test-timeout=300000"];
  try {
    const { status, error } = spawnSync("node", [...args, ...flags, ...files], {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, TEST_APP: app },
    });
    if (error) throw error;
    return status ?? 1;
  } finally {
    rmSync(dirname(app), { recursive: true, force: true });
  }
}
