// The time, for what counts down.
import { signal } from "@preact/signals";

export const now = signal(Date.now());

/** Also called when something begins to count down, so that it begins with all its seconds. */
export function tick() {
  now.value = Date.now();
}

setInterval(tick, 1000);
