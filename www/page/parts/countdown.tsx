// Counts down to a moment, every second. Screen readers do not announce it.
import { now } from "../state/clock.ts";
import { duration } from "../format.ts";

export function Countdown({ to }: { to: number }) {
  return <span class="countdown">{duration(to - now.value)}</span>;
}
