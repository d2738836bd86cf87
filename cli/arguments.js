// What the options of the command may be.
import { InvalidArgumentError } from "commander";

const SECONDS = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** "90", "90s", "10m", "2h" or "7d", in seconds. */
export function lifetime(text) {
  const [, amount, unit] = text.match(/^([1-9]\d{0,8})([smhd]?)$/) ?? [];
  if (!amount) throw new InvalidArgumentError("Expected seconds, or a number with s, m, h or d.");
  return Number(amount) * SECONDS[unit];
}

/** 1 or more. */
export function wholeNumber(text) {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError("Expected a whole number, 1 or more.");
  return Number(text);
}
