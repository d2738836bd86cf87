// Builds what the tests of the packed tarball need before they run, because only one of them can
// build in the workspace at a time.
import { buildWasm } from "../build.ts";
import { pack } from "../pack.ts";

/** The wasm that can panic, for tests/reliability/panic.test.ts. */
export const PANIC_WASM = "target/test-panic";

if (import.meta.filename === process.argv[1]) {
  pack();
  buildWasm(PANIC_WASM, { testPanic: true });
}
