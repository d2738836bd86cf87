// Ctrl-C and the like: the first signal stops the run, the second ends the command at once.

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

export const INTERRUPTED = 130;

/** The milliseconds in which one Ctrl-C may come twice: npx passes it on. */
const SAME_KEY_PRESS = 500;

/**
 * Calls `first` on the first signal; on the second calls `second` and ends the command. Returns a
 * function that removes the listeners.
 */
export function onInterrupt(first: () => void, second: () => void) {
  let since: number | undefined;
  const onSignal = () => {
    if (since === undefined) {
      since = performance.now();
      return first();
    }
    if (performance.now() - since < SAME_KEY_PRESS) return;
    second();
    process.exit(INTERRUPTED);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => SIGNALS.forEach((signal) => process.off(signal, onSignal));
}
