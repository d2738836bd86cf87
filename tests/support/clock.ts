// A simulated clock for bulk runs. Its time advances only when all other work is done.
import { setImmediate as settled } from "node:timers/promises";

export class Clock {
  #time = 0;
  #events = new Set<{ at: number; callback: () => void }>();

  now = () => this.#time;

  after = (ms: number, callback: () => void) => {
    const event = { at: this.#time + ms, callback };
    this.#events.add(event);
    return () => this.#events.delete(event);
  };

  sleep = (ms: number) => new Promise<void>((resolve) => this.after(ms, resolve));

  async runUntil<Result>(promise: Promise<Result>) {
    let isOver = false;
    promise.finally(() => (isOver = true)).catch(() => {});
    for (;;) {
      await settled();
      if (isOver) return promise;
      const [next] = [...this.#events].sort((a, b) => a.at - b.at);
      if (!next) throw new Error("the run hangs: no event is scheduled");
      this.#events.delete(next);
      this.#time = next.at;
      next.callback();
    }
  }
}
