// Counts what is pending: timers, listeners on the signals made here, and fetches. Imported before the package.
const timers = new Set();
let fetches = 0;
let listeners = 0;

const { setTimeout, clearTimeout, fetch } = globalThis;

globalThis.setTimeout = (callback, ms, ...args) => {
  // Node's own fetch takes its timers from the global scope too.
  if (new Error().stack.includes("node:internal")) return setTimeout(callback, ms, ...args);
  const timer = setTimeout(() => {
    timers.delete(timer);
    callback(...args);
  }, ms);
  timers.add(timer);
  return timer;
};

globalThis.clearTimeout = (timer) => {
  timers.delete(timer);
  clearTimeout(timer);
};

globalThis.fetch = async (...args) => {
  fetches++;
  try {
    return await fetch(...args);
  } finally {
    fetches--;
  }
};

/** A controller whose signal's listeners are counted. */
export function meteredController() {
  const controller = new AbortController();
  const { signal } = controller;
  for (const [name, change] of [["addEventListener", 1], ["removeEventListener", -1]]) {
    const original = signal[name].bind(signal);
    signal[name] = (...args) => {
      listeners += change;
      original(...args);
    };
  }
  return controller;
}

/** What is pending after whatever was aborted has had time to say so. */
export async function pending() {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return { timers: timers.size, fetches, listeners };
}
