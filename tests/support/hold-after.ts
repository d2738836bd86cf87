// Delays the answers of the emulator, so that a test can act in the middle of a run.
import type { Control } from "../../emulator/control.ts";

/** The requests that a run has in flight at once, in the command and on the admin page. */
const CONCURRENCY = 20;

/**
 * Lets the API answer `count` creates or revokes. The answers to the next ones wait for
 * `control.release()`.
 */
export async function holdAfter(
  count: number,
  control: Control,
  operation: "create" | "revoke" = "create",
) {
  if (count > 0) await control.fault({ operation, times: count, delay: 0 });
  await control.fault({ operation, times: CONCURRENCY, delay: 600_000 });
}
