// The time of a bulk run.

/** The longest delay of a timer, in milliseconds. With a longer one it fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The real clock. Tests pass a simulated one. */
export const CLOCK = {
  now: () => performance.now(),
  /** Calls `callback` after `ms` milliseconds. Returns a function that cancels it. */
  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Waits for `change`, at most `ms` milliseconds. */
export async function pause(clock: typeof CLOCK, ms: number, change: Promise<unknown>) {
  let cancel = () => {};
  const timeout = new Promise<void>((resolve) => {
    if (ms < Infinity) cancel = clock.after(Math.min(ms, LONGEST_TIMER), resolve);
  });
  await Promise.race([timeout, change]);
  cancel();
}
