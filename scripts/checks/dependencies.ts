// Licences, sources and advisories of the crates, as scripts/deny.toml allows them.
import { join } from "node:path";

import { root, run, succeeds, toolFolder } from "../tools.js";

const deny = join(toolFolder("cargo-deny"), "cargo-deny");
const check = ["--config", join(root, "scripts", "deny.toml"), "check"];
run(deny, [...check, "bans", "licenses", "sources"]);
if (succeeds(deny, ["fetch", "db"])) run(deny, [...check, "advisories"]);
else console.log("Advisories were not checked: their database cannot be reached.");
