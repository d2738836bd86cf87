// Parses the values of the command's options.
import { InvalidArgumentError } from "commander";

/** @type {Record<string, number>} */
const SECONDS = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Returns "90", "90s", "10m", "2h" or "7d" in seconds.
 *
 * @param {string} text
 */
export function lifetime(text) {
  const [, amount, unit] = text.match(/^([1-9]\d{0,8})([smhd]?)$/) ?? [];
  if (!amount) throw new InvalidArgumentError("Expected seconds, or a number with s, m, h or d.");
  return Number(amount) * SECONDS[unit];
}

/**
 * Returns a whole number, 1 or more.
 *
 * @param {string} text
 */
export function wholeNumber(text) {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError("Expected a whole number, 1 or more.");
  return Number(text);
}
