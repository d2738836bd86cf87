// How far a run is: a line that fits the terminal and is written over, or off a terminal a plain line now and then.

/** Milliseconds between two looks. */
const ON_A_TERMINAL = 100;
const ELSEWHERE = 30_000;

/** The rate is that of the last 15 seconds, or of the time between two lines. */
const WINDOW = 15_000;

const NARROWEST_BAR = 10;
const WIDEST_BAR = 30;

export class Progress {
  #terminal;
  #look;
  #samples = [];
  #timer;

  /**
   * `look()` tells how far the run is: `{ done, total, sent, failed, unknown, note }`. `total` is undefined where nobody
   * knows it; `sent` counts the answers of this run, which are what takes time.
   */
  constructor(terminal, look) {
    this.#terminal = terminal;
    this.#look = look;
  }

  start() {
    const { isInteractive } = this.#terminal;
    this.#sample(this.#look());
    const show = isInteractive
      ? () => this.#terminal.show(this.#line(this.#terminal.width))
      : () => this.#terminal.note(this.#line(Infinity));
    if (isInteractive) show();
    this.#timer = setInterval(show, isInteractive ? ON_A_TERMINAL : ELSEWHERE);
  }

  /** Shows the last state, which stays to be read. */
  stop() {
    clearInterval(this.#timer);
    if (!this.#terminal.isInteractive) return;
    this.#terminal.show("");
    this.#terminal.note(this.#line(this.#terminal.width));
  }

  #line(width) {
    const state = this.#look();
    return format(state, this.#sample(state), width);
  }

  /** Requests a second. */
  #sample({ sent }) {
    const now = performance.now();
    this.#samples.push({ now, sent });
    while (this.#samples.length > 2 && now - this.#samples[1].now > WINDOW) this.#samples.shift();
    const [first] = this.#samples;
    return now > first.now ? ((sent - first.sent) * 1000) / (now - first.now) : 0;
  }
}

/** Exported for the tests: the line for a state, a rate in requests a second and a width. */
export function format({ done, total, failed, unknown, note }, rate, width) {
  const count = (number) => number.toLocaleString("en-US");
  const isTimed = total !== undefined && rate > 0 && done < total;
  // With what goes first where there is no room.
  const parts = [
    {
      rank: 6,
      text: total === undefined ? `${count(done)} done` : `${count(done)}/${count(total)}`,
    },
    { rank: 4, text: total > 0 ? `${Math.floor((done / total) * 100)}%` : "" },
    { rank: 2, text: rate > 0 ? `${rate < 10 ? rate.toFixed(1) : count(Math.round(rate))}/s` : "" },
    { rank: 3, text: isTimed ? `ETA ${duration((total - done) / rate)}` : "" },
    { rank: 5, text: failed > 0 ? `${count(failed)} failed` : "" },
    { rank: 5, text: unknown > 0 ? `${count(unknown)} unknown` : "" },
    { rank: 1, text: note ?? "" },
  ].filter(({ text }) => text);
  const length = () => parts.reduce((sum, { text }) => sum + text.length + 2, -2);
  while (parts.length > 1 && length() > width) {
    const rank = Math.min(...parts.map((part) => part.rank));
    parts.splice(
      parts.findLastIndex((part) => part.rank === rank),
      1,
    );
  }
  const room = Math.min(WIDEST_BAR, width - length() - 2);
  const bar = Number.isFinite(width) && total > 0 && room >= NARROWEST_BAR;
  const line = parts.map(({ text }) => text).join("  ");
  return (bar ? `${drawBar(done / total, room)}  ${line}` : line).slice(0, width);
}

function drawBar(share, room) {
  const full = Math.floor(Math.min(1, share) * (room - 2));
  return `[${"#".repeat(full)}${"-".repeat(room - 2 - full)}]`;
}

/** "42s", "3m05s", "2h07m". */
function duration(seconds) {
  const whole = Math.ceil(seconds);
  const two = (number) => String(number).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
}
