// Shows the progress of a run: a line that is redrawn in a terminal, or plain lines elsewhere.
import type { Terminal } from "./terminal.ts";
import { number } from "./words.ts";

export interface Progress {
  done: number;
  total?: number;
  failed: number;
  unknown?: number;
  note?: string;
}

/** Milliseconds between two lines. */
const ON_A_TERMINAL = 100;
const ELSEWHERE = 30_000;

/**
 * Shows the progress. Returns a function that ends it, and leaves the last line on the terminal.
 *
 * @param look returns the progress; `sent` is the number of answers in this run
 */
export function showProgress(terminal: Terminal, look: () => Progress & { sent: number }) {
  const began = performance.now();
  const line = () => {
    const progress = look();
    const seconds = (performance.now() - began) / 1000;
    return format(progress, seconds > 0 ? progress.sent / seconds : 0, terminal.width);
  };
  const show = () => terminal.show(line());
  if (terminal.isInteractive) show();
  const timer = setInterval(show, terminal.isInteractive ? ON_A_TERMINAL : ELSEWHERE);
  return () => {
    clearInterval(timer);
    if (!terminal.isInteractive) return;
    terminal.show("");
    terminal.note(line());
  };
}

/** Returns the line at a rate of requests a second. Exported for the tests. */
export function format(progress: Progress, rate: number, width: number) {
  const { done, total, failed, unknown = 0, note } = progress;
  const speed = rate > 0 && `${rate < 10 ? rate.toFixed(1) : number(Math.round(rate))}/s`;
  const left = total !== undefined && rate > 0 && done < total && (total - done) / rate;
  const place = total === undefined ? `${number(done)} done` : `${number(done)}/${number(total)}`;
  const share = total && `${Math.floor((done / total) * 100)}%`;
  const numbers = [
    failed > 0 && `${number(failed)} failed`,
    unknown > 0 && `${number(unknown)} unknown`,
  ];
  const times = note ? [note] : [speed, left && `ETA ${duration(left)}`];
  // A narrow terminal has no room for the times.
  const lines = [times, times.slice(0, -1), []].map((shown) =>
    [place, share, ...shown, ...numbers].filter(Boolean).join("  "),
  );
  return (lines.find(({ length }) => length <= width) ?? lines[2]).slice(0, width);
}

/** Returns a time such as "42s", "3m05s" or "2h07m". */
function duration(seconds: number) {
  const whole = Math.ceil(seconds);
  const two = (part: number) => String(part).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
}
