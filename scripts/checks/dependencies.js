// Licences, sources and advisories of the crates, as deny.toml allows them.
import { join } from "node:path";

import { run, succeeds, toolFolder } from "../tools.js";

export function checkDependencies() {
  const deny = join(toolFolder("cargo-deny"), "cargo-deny");
  run(deny, ["check", "bans", "licenses", "sources"]);
  if (succeeds(deny, ["fetch", "db"])) run(deny, ["check", "advisories"]);
  else console.log("Advisories were not checked: their database cannot be reached.");
}

if (import.meta.filename === process.argv[1]) checkDependencies();
