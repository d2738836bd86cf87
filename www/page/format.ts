// Formats times and numbers for people.
function formatter(options: Intl.DateTimeFormatOptions) {
  const format = new Intl.DateTimeFormat(undefined, options);
  return (ms: number) => format.format(ms);
}

/** "Nov 24, 2026, 3:15 PM", in the reader's own time zone. */
export const dayAndTime = formatter({ dateStyle: "medium", timeStyle: "short" });

export const day = formatter({ dateStyle: "full" });

export const timeOfDay = formatter({ timeStyle: "short" });

/** The same with the time zone, for readers in another one. */
export const dayAndTimeWithZone = formatter({ dateStyle: "full", timeStyle: "long" });

const UNITS: [string, number][] = [
  ["day", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];

/** "2 days 3 h", "59 min 5 s": the two largest parts. */
export function duration(ms: number) {
  let left = Math.max(0, Math.ceil(ms / 1000));
  const parts = [];
  for (const [unit, seconds] of UNITS) {
    const amount = Math.floor(left / seconds);
    left %= seconds;
    if (amount > 0) parts.push(`${amount} ${unit === "day" && amount > 1 ? "days" : unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(" ") || "0 s";
}

/** "1,000". */
export const number = (value: number) => value.toLocaleString();

/** "1 link", "1,000 links". */
export const counted = (amount: number, noun: string) =>
  `${number(amount)} ${noun}${amount === 1 ? "" : "s"}`;
