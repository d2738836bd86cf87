// Licences, sources and advisories of the crates, as deny.toml allows them.
import { join } from "node:path";

import { cargoTool, run, succeeds } from "../tools.js";

export function checkDependencies() {
  const bin = cargoTool("cargo-deny", "cargo-deny", "0.20.2", ["--locked", "--debug"]);
  const deny = join(bin, "cargo-deny");
  run(deny, ["check", "bans", "licenses", "sources"]);
  if (succeeds(deny, ["fetch", "db"])) run(deny, ["check", "advisories"]);
  else console.log("Advisories were not checked: their database cannot be reached.");
}

if (import.meta.filename === process.argv[1]) checkDependencies();
