// Ctrl-C and the like: the first signal stops the run, the second ends the command at once.

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** The exit code of an interrupted command. */
export const INTERRUPTED = 130;

/**
 * Calls `first` on the first signal, and ends the command on the second. Returns a function that removes the listeners.
 *
 * @param {() => void} first
 */
export function onInterrupt(first) {
  let isSecond = false;
  const onSignal = () => {
    if (isSecond) process.exit(INTERRUPTED);
    isSecond = true;
    first();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
