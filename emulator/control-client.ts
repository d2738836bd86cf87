// The client of the emulator's control endpoint, for tests.
import { setTimeout as sleep } from "node:timers/promises";

import type { Fault } from "./faults.ts";
import type { Seen } from "./state.ts";
import type { Entry } from "./store.ts";

/** How often `arrived` looks, and how long it waits in between, in milliseconds. */
const [LOOKS, PAUSE] = [3000, 20];

export class Control {
  url: string;

  /** `url` is the emulator's. */
  constructor(url: string) {
    this.url = url;
  }

  /** Sets up a fault. */
  fault(fault: Partial<Fault>) {
    return this.#post("faults", fault);
  }

  clearFaults() {
    return this.#post("faults/clear", {});
  }

  /**
   * Ends the delays of the faults so far, those of waiting requests included. Faults that replace
   * an answer stay.
   */
  release() {
    return this.#post("faults/release", {});
  }

  requests() {
    return this.#get<Seen[]>("requests");
  }

  /** Waits until `count` requests have arrived, a minute at most. */
  async arrived(count: number) {
    for (let looks = 0; looks < LOOKS; looks++) {
      if ((await this.requests()).length >= count) return;
      await sleep(PAUSE);
    }
    throw new Error(`fewer than ${count} requests arrived`);
  }

  tokens() {
    return this.#get<Entry[]>("tokens");
  }

  /** Moves the emulator's clock forward. */
  advance(seconds: number) {
    return this.#post("clock", { advance: seconds });
  }

  /** `limit`: requests in 10 seconds, 0 for no limit. */
  setRateLimit(limit: number) {
    return this.#post("rate-limit", { limit });
  }

  /**
   * `limit`: sign-ins in a window from one address, 0 for no limit. The window has 10 seconds if
   * nothing else is given.
   */
  setSignInLimit(limit: number, seconds?: number) {
    return this.#post("sign-in-limit", { limit, seconds });
  }

  reset() {
    return this.#post("reset", {});
  }

  async #get<T>(path: string) {
    const response = await fetch(`${this.url}/__control/${path}`);
    return response.json() as Promise<T>;
  }

  async #post(path: string, body: object) {
    const response = await fetch(`${this.url}/__control/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      const { message } = (await response.json()) as { message: string };
      throw new Error(`the emulator refused ${path}: ${message}`);
    }
  }
}
