// A simulated clock for bulk runs. Its time advances only when all other work is done.
import { setImmediate as settled } from "node:timers/promises";

export class Clock {
  #time = 0;
  #events = new Set();

  now = () => this.#time;

  after = (ms, callback) => {
    const event = { at: this.#time + ms, callback };
    this.#events.add(event);
    return () => this.#events.delete(event);
  };

  sleep = (ms) => new Promise((resolve) => this.after(ms, resolve));

  async runUntil(promise) {
    let isOver = false;
    promise.finally(() => (isOver = true)).catch(() => {});
    for (;;) {
      await settled();
      if (isOver) return promise;
      let next;
      for (const event of this.#events) if (!next || event.at < next.at) next = event;
      if (!next) throw new Error("the run hangs: no event is scheduled");
      this.#events.delete(next);
      this.#time = next.at;
      next.callback();
    }
  }
}
