// Measures a run: its rate, the time left, and its pauses.
import { signal } from "@preact/signals";

import { tick } from "./clock.ts";
import type { Signal } from "@preact/signals";

export type Wait = "rate_limit" | "outage" | "login";

/** The rate is over the last 10 seconds, as is Clerk's limit. */
const WINDOW_MS = 10_000;

/**
 * The package's bulk run pauses after this many failures in a row: for 1 second, then twice as long
 * each time, up to 30.
 */
const OUTAGE = 10;
const LONGEST_PAUSE_MS = 30_000;

export class Progress {
  /** `{ why, until? }` while the run waits: for "rate_limit", for an "outage" to end, for a "login". */
  waiting = signal<{ why: Wait; until: number } | undefined>(undefined);
  total = 0;
  #finished = 0;
  #drawn;
  #times = [] as number[];
  #begunAt = 0;
  #failures = 0;

  /** @param drawn when it changes, the figures are drawn anew */
  constructor(drawn: Signal<number>) {
    this.#drawn = drawn;
  }

  begin(total: number) {
    this.total = total;
    this.#finished = 0;
    this.#times = [];
    this.#failures = 0;
    this.#begunAt = Date.now();
  }

  done() {
    this.#finished++;
    this.#times.push(Date.now());
  }

  pause(why: Wait, until: number = 0) {
    tick();
    this.waiting.value = { why, until };
  }

  goOn() {
    this.waiting.value = undefined;
  }

  /** Updates the pause from an answer, or from a lost one. */
  answered(response?: Response) {
    if (response?.status === 429) {
      const seconds = Number(response.headers.get("retry-after")) || 10;
      this.pause("rate_limit", Date.now() + seconds * 1000);
    } else if (!response || response.status >= 500) {
      this.#failures++;
      const wait = Math.min(1000 * 2 ** (this.#failures - OUTAGE), LONGEST_PAUSE_MS);
      if (this.#failures >= OUTAGE) this.pause("outage", Date.now() + wait);
    } else {
      this.#failures = 0;
      // The answer to a request from before the pause does not end it.
      if ((this.waiting.value?.until ?? 0) <= Date.now()) this.goOn();
    }
  }

  get finished() {
    void this.#drawn.value;
    return this.#finished;
  }

  /** Requests per second; 0 during the first second. */
  get rate() {
    void this.#drawn.value;
    const from = Date.now() - WINDOW_MS;
    while (this.#times[0] < from) this.#times.shift();
    const elapsed = Math.min(WINDOW_MS, Date.now() - this.#begunAt);
    return elapsed < 1000 ? 0 : (this.#times.length * 1000) / elapsed;
  }

  /** Milliseconds left; `undefined` while the rate is 0. */
  get left() {
    const { rate } = this;
    return rate > 0 ? ((this.total - this.#finished) * 1000) / rate : undefined;
  }
}
