// Ctrl-C and its like: the first stops what has not begun, the second ends the command at once.

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** The exit code of what was interrupted. */
export const INTERRUPTED = 130;

/** Calls `first` on the first signal; on the second the command ends. Returns a function that puts an end to that. */
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
