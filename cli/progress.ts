// Shows the progress of a run: a line that is redrawn in a terminal, or plain lines elsewhere.
import type { Terminal } from "./terminal.ts";

/** The state of a run. */
export interface State {
  done: number;
  /** Undefined if unknown. */
  total?: number;
  failed: number;
  unknown?: number;
  note?: string;
}

/** Milliseconds between two lines. */
const ON_A_TERMINAL = 100;
const ELSEWHERE = 30_000;

/** The rate is measured over the last 15 seconds, or between two lines. */
const WINDOW = 15_000;

const NARROWEST_BAR = 10;
const WIDEST_BAR = 30;

export class Progress {
  #terminal;
  #look;
  #samples: { now: number; sent: number }[] = [];
  #timer?: NodeJS.Timeout;

  /** @param look returns the state; `sent` is the number of answers in this run */
  constructor(terminal: Terminal, look: () => State & { sent: number }) {
    this.#terminal = terminal;
    this.#look = look;
  }

  start() {
    const { isInteractive } = this.#terminal;
    this.#rate(this.#look());
    const show = isInteractive
      ? () => this.#terminal.show(this.#line(this.#terminal.width))
      : () => this.#terminal.note(this.#line(Infinity));
    if (isInteractive) show();
    this.#timer = setInterval(show, isInteractive ? ON_A_TERMINAL : ELSEWHERE);
  }

  /** Shows the last state, and leaves it on the terminal. */
  stop() {
    clearInterval(this.#timer);
    if (!this.#terminal.isInteractive) return;
    this.#terminal.show("");
    this.#terminal.note(this.#line(this.#terminal.width));
  }

  #line(width: number) {
    const state = this.#look();
    return format(state, this.#rate(state), width);
  }

  /** Returns the rate in requests a second. */
  #rate({ sent }: { sent: number }) {
    const now = performance.now();
    this.#samples.push({ now, sent });
    while (this.#samples.length > 2 && now - this.#samples[1].now > WINDOW) this.#samples.shift();
    const [first] = this.#samples;
    return now > first.now ? ((sent - first.sent) * 1000) / (now - first.now) : 0;
  }
}

/** Returns the line at a rate of requests a second. Exported for the tests. */
export function format(state: State, rate: number, width: number) {
  const { done, total = 0 } = state;
  const parts = partsOf(state, rate).filter(({ text }) => text);
  const length = () => parts.reduce((sum, { text }) => sum + text.length + 2, -2);
  while (parts.length > 1 && length() > width) {
    const rank = Math.min(...parts.map((part) => part.rank));
    const last = parts.findLastIndex((part) => part.rank === rank);
    parts.splice(last, 1);
  }
  const line = parts.map(({ text }) => text).join("  ");
  const room = Math.max(0, Math.min(WIDEST_BAR, width - line.length - 2) - 2);
  const hasBar = Number.isFinite(width) && total > 0 && room >= NARROWEST_BAR - 2;
  const full = "#".repeat(Math.floor(Math.min(1, done / total) * room) || 0);
  return (hasBar ? `[${full.padEnd(room, "-")}]  ${line}` : line).slice(0, width);
}

/** Returns the parts of the line. Where it is too long, those with the lowest rank are left out. */
function partsOf({ done, total, failed, unknown = 0, note = "" }: State, rate: number) {
  const count = (number: number) => number.toLocaleString("en-US");
  const speed = rate < 10 ? rate.toFixed(1) : count(Math.round(rate));
  const isTimed = total !== undefined && rate > 0 && done < total;
  const place = total === undefined ? `${count(done)} done` : `${count(done)}/${count(total)}`;
  return [
    { rank: 6, text: place },
    { rank: 4, text: total ? `${Math.floor((done / total) * 100)}%` : "" },
    { rank: 2, text: rate > 0 ? `${speed}/s` : "" },
    { rank: 3, text: isTimed ? `ETA ${duration((total - done) / rate)}` : "" },
    { rank: 5, text: failed > 0 ? `${count(failed)} failed` : "" },
    { rank: 5, text: unknown > 0 ? `${count(unknown)} unknown` : "" },
    { rank: 1, text: note },
  ];
}

/** Returns a time such as "42s", "3m05s" or "2h07m". */
function duration(seconds: number) {
  const whole = Math.ceil(seconds);
  const two = (number: number) => String(number).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
}
