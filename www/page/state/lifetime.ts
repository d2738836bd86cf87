// Lifetimes: presets and custom amounts, up to the deployment's maximum.
import { duration } from "../format.ts";
import type { LifetimeChoice } from "../types.ts";
import { session } from "./session.ts";

const WHOLE = "Enter a whole number, 1 or more.";

const PRESETS: [number, string][] = [
  [600, "10 minutes"],
  [3600, "1 hour"],
  [86_400, "1 day"],
  [604_800, "7 days"],
  [2_592_000, "30 days"],
];

export const UNITS: [number, string][] = [
  [60, "minutes"],
  [3600, "hours"],
  [86_400, "days"],
];

const longest = () => session.value.maxLifetimeSeconds;

/** Returns `[seconds, name]` of each preset that the deployment allows. */
export const presets = () => PRESETS.filter(([seconds]) => seconds <= longest());

/** Returns the first choice of a form: `wanted` seconds, or the longest preset allowed. */
export function lifetime(wanted: number): LifetimeChoice {
  const [preset] = presets().findLast(([seconds]) => seconds <= wanted) ?? [];
  return { choice: preset ?? "custom", amount: "1", unit: 60 };
}

export const secondsOf = ({ choice, amount, unit }: LifetimeChoice) =>
  choice === "custom" ? Number(amount) * Number(unit) : Number(choice);

/** Returns what is wrong with a choice, if anything. */
export function problemOfLifetime(choice: LifetimeChoice) {
  const seconds = secondsOf(choice);
  if (choice.choice === "custom" && !/^\s*0*[1-9]\d{0,11}\s*$/.test(choice.amount)) return WHOLE;
  if (seconds > longest())
    return `Enter ${duration(longest() * 1000)} or less. This deployment allows no more.`;
  return undefined;
}
