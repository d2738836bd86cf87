// Whether the browser has a connection. If not, a request is not sent.
import { signal } from "@preact/signals";

export const isOnline = signal(navigator.onLine);

/** How often the browser has gone offline: whether it did so while a request was in flight. */
export let timesOffline = 0;

for (const type of ["online", "offline"])
  addEventListener(type, () => {
    if (type === "offline") timesOffline++;
    isOnline.value = navigator.onLine;
  });

/** Resolves once the browser is online. Rejects with the reason of `signal` when it is aborted. */
export async function untilOnline(signal: AbortSignal) {
  if (isOnline.value) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = isOnline.subscribe((value) => value && resolve());
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  try {
    await promise;
  } finally {
    stop();
    signal.removeEventListener("abort", abort);
  }
}
