// The properties of the core with many random cases, then the fuzz targets, a few seconds each. The
// seed is printed.
import { randomInt } from "node:crypto";
import { delimiter } from "node:path";

import { fail, run, succeeds, toolFolder } from "../tools.js";
import { testCore } from "./rust.ts";

/** The cases of each property. */
const CASES = 10_000;

const LIMITS = ["-max_total_time=5", "-max_len=1024", "-verbosity=0"];

const seed = randomInt(1, 2 ** 31);
console.log(`seed ${seed}`);
testCore(seed, CASES);
if (succeeds("cargo", ["+nightly", "--version"]) && succeeds("c++", ["--version"])) {
  const bin = toolFolder("cargo-fuzz");
  const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) };
  for (const target of ["call", "retry_after"])
    run(
      "cargo",
      [
        "+nightly",
        "fuzz",
        "run",
        "--fuzz-dir",
        "tests/fuzz/core",
        target,
        "--",
        ...LIMITS,
        `-seed=${seed}`,
      ],
      { env },
    );
} else {
  const reason = "No fuzz target was run: they need a nightly toolchain and a C++ compiler.";
  if (process.env.CI) fail(reason);
  console.log(reason);
}
