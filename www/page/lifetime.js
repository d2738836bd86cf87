// A lifetime in human terms, and what it comes to in seconds.
const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "short",
});

/** Keeps the line under the fields of `form` up to date; gives a function that tells the seconds. */
export function lifetimeOf(form) {
  const { amount, unit } = form.elements;
  const meaning = form.querySelector(".meaning");
  const seconds = () => Math.round(Number(amount.value) * Number(unit.value));
  const show = () => {
    const until = new Date(Date.now() + seconds() * 1000);
    meaning.textContent =
      amount.checkValidity() && until.getTime() > 0
        ? `${seconds().toLocaleString()} seconds: until ${DAY_AND_TIME.format(until)}`
        : "A whole number, 1 or more";
  };
  form.addEventListener("input", show);
  show();
  setInterval(show, 30_000);
  return seconds;
}

/** "2 days 3 h", "59 min 5 s": the two largest parts. */
export function duration(ms) {
  const total = Math.max(0, Math.ceil(ms / 1000));
  const parts = [
    [Math.floor(total / 86_400), total >= 172_800 ? "days" : "day"],
    [Math.floor(total / 3600) % 24, "h"],
    [Math.floor(total / 60) % 60, "min"],
    [total % 60, "s"],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map((part) => part.join(" "))
    .join(" ");
}

/** Calls `tick` now and every second, until it gives `false`. */
export function everySecond(tick) {
  const timer = setInterval(() => tick() === false && clearInterval(timer), 1000);
  if (tick() === false) clearInterval(timer);
}
