// The current time, for countdowns.
import { signal } from "@preact/signals";

export const now = signal(Date.now());

/** Call it when a countdown starts, so that it starts with all its seconds. */
export function tick() {
  now.value = Date.now();
}

setInterval(tick, 1000);
