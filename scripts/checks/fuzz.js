// The fuzz targets, a few seconds each.
import { delimiter } from "node:path";

import { cargoTool, run, succeeds } from "../tools.js";

const LIMITS = ["-max_total_time=5", "-max_len=1024", "-verbosity=0"];

export function fuzz() {
  if (!succeeds("cargo", ["+nightly", "--version"]) || !succeeds("c++", ["--version"])) {
    console.log("Not run: they need a nightly toolchain and a C++ compiler.");
    return;
  }
  const bin = cargoTool("cargo-fuzz", "cargo-fuzz", "0.13.2", ["--locked", "--debug"]);
  const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) };
  for (const target of ["call", "retry_after"]) {
    run("cargo", ["+nightly", "fuzz", "run", target, "--", ...LIMITS], { env });
  }
}

if (import.meta.filename === process.argv[1]) fuzz();
