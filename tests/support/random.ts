// Random numbers and choices. The same seed always gives the same ones.
import { randomInt } from "node:crypto";

/** A seed for test:soak: `SEED`, to repeat a run, or a new one. npm test uses fixed ones. */
export const randomSeed = () => Number(process.env.SEED) || randomInt(1, 2 ** 31);

/** Returns a function that returns numbers from 0 to 1 (mulberry32). */
export function randomNumbers(seed: number) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class Random {
  #next;

  /**
   * Creates the `n`th generator of a seed. The generators of a seed are independent of each other.
   */
  constructor(seed: number, n = 0) {
    this.#next = randomNumbers(seed ^ Math.imul(n, 0x9e3779b1));
  }

  /** Returns an integer from `min` to `max`, inclusive. */
  int(min: number, max: number) {
    return min + Math.floor(this.#next() * (max - min + 1));
  }

  chance(probability: number) {
    return this.#next() < probability;
  }

  pick<Item>(list: readonly Item[]) {
    return list[this.int(0, list.length - 1)];
  }

  /** Picks one of the values of `[weight, value]` pairs. */
  weighted<Value>(pairs: readonly (readonly [number, Value])[]) {
    let at = this.#next() * pairs.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of pairs) if ((at -= weight) < 0) return value;
    return pairs[0][1];
  }
}
