// Parses the values of the command's options.
import { InvalidArgumentError } from "commander";

const SECONDS: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** No date of a token's end is too large for a calendar. */
const LONGEST = 3650 * SECONDS.d;

/** Returns "90", "90s", "10m", "2h" or "7d" in seconds. */
export function lifetime(text: string) {
  const [, amount, unit] = text.match(/^([1-9]\d{0,8})([smhd]?)$/) ?? [];
  if (!amount) throw new InvalidArgumentError("Expected seconds, or a number with s, m, h or d.");
  const seconds = Number(amount) * SECONDS[unit];
  if (seconds > LONGEST) throw new InvalidArgumentError("Expected at most 3650d.");
  return seconds;
}

/** Returns a parser of whole numbers, 1 or more. */
export function wholeNumber(most = 999_999_999) {
  return (text: string) => {
    if (!/^[1-9]\d{0,8}$/.test(text))
      throw new InvalidArgumentError("Expected a whole number, 1 or more.");
    if (Number(text) > most) throw new InvalidArgumentError(`Expected at most ${most}.`);
    return Number(text);
  };
}
