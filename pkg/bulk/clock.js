// The time of a bulk run.

/** The longest delay of a timer, in milliseconds. With a longer one it fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The real clock. Tests pass a simulated one. */
export const CLOCK = {
  now: () => performance.now(),
  /**
   * Calls `callback` after `ms` milliseconds. Returns a function that cancels it.
   *
   * @param {number} ms
   * @param {() => void} callback
   * @returns {() => void}
   */
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Waits for `change`, at most `ms` milliseconds.
 *
 * @param {typeof CLOCK} clock
 * @param {number} ms
 * @param {Promise<unknown>} change
 */
export async function pause(clock, ms, change) {
  let cancel = () => {};
  /** @type {Promise<void>} */
  const timeout = new Promise((resolve) => {
    if (ms < Infinity) cancel = clock.after(Math.min(ms, LONGEST_TIMER), resolve);
  });
  await Promise.race([timeout, change]);
  cancel();
}
