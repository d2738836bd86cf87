// Counts down to a moment, every second. Screen readers do not announce it.
import { now } from "../state/clock.js";
import { duration } from "../time.js";

/** @param {{ to: number }} props */
export function Countdown({ to }) {
  return <span class="countdown">{duration(to - now.value)}</span>;
}
