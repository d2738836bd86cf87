// Holds the emulator's answers back, so that a test can act in the middle of a run.

/** The requests that a run has in flight at once, in the command and on the admin page. */
const CONCURRENCY = 20;

/**
 * Lets the API answer `count` creates, and holds the answers to the next ones back until
 * `control.release()`.
 */
export async function holdAfter(count, control) {
  if (count > 0) await control.fault({ operation: "create", times: count, delay: 0 });
  await control.fault({ operation: "create", times: CONCURRENCY, delay: 600_000 });
}
