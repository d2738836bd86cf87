// Builds the Worker in Rust before tests/examples/examples.test.js runs it: to compile worker-build alone takes minutes.
import { join } from "node:path";

import { root, workerBuildTools } from "../tools.js";
import { bundleWorker } from "../worker.js";

if (import.meta.filename === process.argv[1])
  bundleWorker(join(root, "examples", "rust-worker"), { env: workerBuildTools() });
