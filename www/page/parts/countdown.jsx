// What is left until a moment. Drawn every second, and never announced.
import { now } from "../state/clock.js";
import { duration } from "../time.js";

/** @param {{ to: number }} props */
export function Countdown({ to }) {
  return <span class="countdown">{duration(to - now.value)}</span>;
}
