// Tests a bulk run against the simulated API. The long ones are in simulation.soak.ts.
import { test } from "node:test";

import { FAULTS, simulate } from "../support/simulation.ts";

test("a development instance, all faults", () => {
  simulate({ users: 20_000, limit: 100, ...FAULTS });
});
