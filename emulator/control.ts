// What tests do with a running emulator: set up faults, read its state, advance its time.
import { setTimeout as sleep } from "node:timers/promises";

import type { Fault } from "./faults.ts";
import type { State } from "./state.ts";

/** How often `arrived` looks, and how long it waits in between, in milliseconds. */
const [LOOKS, PAUSE] = [3000, 20];

export class Control {
  #url: string;
  #state: State;

  constructor(url: string, state: State) {
    this.#url = url;
    this.#state = state;
  }

  /** Sets up a fault. */
  fault(fault: Partial<Fault>) {
    return this.#after(({ faults }) => faults.order(fault));
  }

  clearFaults() {
    return this.#after(({ faults }) => faults.clear());
  }

  /**
   * Ends the delays of the faults so far, those of waiting requests included. Faults that replace
   * an answer stay.
   */
  release() {
    return this.#after(({ faults }) => faults.release());
  }

  requests() {
    return this.#after(({ requests }) => structuredClone(requests));
  }

  /** Waits until `count` requests have arrived, a minute at most. */
  async arrived(count: number) {
    for (let looks = 0; looks < LOOKS; looks++) {
      if (this.#state.requests.length >= count) return;
      await sleep(PAUSE);
    }
    throw new Error(`fewer than ${count} requests arrived`);
  }

  tokens() {
    return this.#after(({ store }) => structuredClone(store.all()));
  }

  /** Moves the emulator's clock forward. */
  advance(seconds: number) {
    return this.#after(({ store }) => store.advance(seconds));
  }

  /** `limit`: requests in 10 seconds, 0 for no limit. */
  setRateLimit(limit: number) {
    return this.#after(({ rateLimit }) => rateLimit.set(limit));
  }

  /** `limit`: sign-ins in a window of 10 seconds, or of `seconds`; 0 for no limit. */
  setSignInLimit(limit: number, seconds?: number) {
    return this.#after(({ signInLimit }) => signInLimit.set(limit, seconds));
  }

  reset() {
    return this.#after(({ store, faults, rateLimit, signInLimit, browsers, requests }) => {
      for (const part of [store, faults, rateLimit, signInLimit, browsers]) part.clear();
      requests.length = 0;
    });
  }

  /**
   * Calls `act` after the answer to a request of its own: what a test sent before has arrived then.
   */
  async #after<Result>(act: (state: State) => Result) {
    await fetch(this.#url, { method: "HEAD" });
    return act(this.#state);
  }
}
