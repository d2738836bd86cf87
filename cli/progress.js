// Shows the progress of a run: a line that is redrawn in a terminal, or a plain line every 30 seconds elsewhere.

/**
 * @typedef {object} State of a run
 * @property {number} done
 * @property {number} [total] undefined if unknown
 * @property {number} failed
 * @property {number} [unknown]
 * @property {string} [note]
 */

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
  /** @type {{ now: number, sent: number }[]} */
  #samples = [];
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /**
   * @param {import("./terminal.js").Terminal} terminal
   * @param {() => State & { sent: number }} look returns the state; `sent` is the number of answers in this run
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

  /** Shows the last state, and leaves it on the terminal. */
  stop() {
    clearInterval(this.#timer);
    if (!this.#terminal.isInteractive) return;
    this.#terminal.show("");
    this.#terminal.note(this.#line(this.#terminal.width));
  }

  /** @param {number} width */
  #line(width) {
    const state = this.#look();
    return format(state, this.#sample(state), width);
  }

  /**
   * Returns the rate in requests a second.
   *
   * @param {{ sent: number }} state
   */
  #sample({ sent }) {
    const now = performance.now();
    this.#samples.push({ now, sent });
    while (this.#samples.length > 2 && now - this.#samples[1].now > WINDOW) this.#samples.shift();
    const [first] = this.#samples;
    return now > first.now ? ((sent - first.sent) * 1000) / (now - first.now) : 0;
  }
}

/**
 * Returns the line. Exported for the tests.
 *
 * @param {State} state
 * @param {number} rate requests a second
 * @param {number} width
 */
export function format(state, rate, width) {
  const { done, total = 0 } = state;
  const parts = partsOf(state, rate).filter(({ text }) => text);
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

/**
 * Returns the parts of the line. Where the line is too long, those with the lowest rank are left out first.
 *
 * @param {State} state
 * @param {number} rate
 */
function partsOf({ done, total, failed, unknown = 0, note = "" }, rate) {
  const count = (/** @type {number} */ number) => number.toLocaleString("en-US");
  const speed = rate < 10 ? rate.toFixed(1) : count(Math.round(rate));
  const isTimed = total !== undefined && rate > 0 && done < total;
  return [
    {
      rank: 6,
      text: total === undefined ? `${count(done)} done` : `${count(done)}/${count(total)}`,
    },
    { rank: 4, text: total ? `${Math.floor((done / total) * 100)}%` : "" },
    { rank: 2, text: rate > 0 ? `${speed}/s` : "" },
    { rank: 3, text: isTimed ? `ETA ${duration((total - done) / rate)}` : "" },
    { rank: 5, text: failed > 0 ? `${count(failed)} failed` : "" },
    { rank: 5, text: unknown > 0 ? `${count(unknown)} unknown` : "" },
    { rank: 1, text: note },
  ];
}

/**
 * @param {number} share of the run that is done
 * @param {number} room characters
 */
function drawBar(share, room) {
  const full = Math.floor(Math.min(1, share) * (room - 2));
  return `[${"#".repeat(full)}${"-".repeat(room - 2 - full)}]`;
}

/**
 * Returns a time such as "42s", "3m05s" or "2h07m".
 *
 * @param {number} seconds
 */
function duration(seconds) {
  const whole = Math.ceil(seconds);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
}
