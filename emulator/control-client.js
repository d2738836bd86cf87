// The client of the emulator's control endpoint, for tests.
import { setTimeout as sleep } from "node:timers/promises";

/** How often `arrived` looks, and how long it waits in between, in milliseconds. */
const [LOOKS, PAUSE] = [3000, 20];

export class Control {
  /** @param {string} url of the emulator */
  constructor(url) {
    this.url = url;
  }

  /**
   * Sets up a fault.
   *
   * @param {Partial<import("./faults.js").Fault>} fault
   */
  fault(fault) {
    return this.#post("faults", fault);
  }

  clearFaults() {
    return this.#post("faults/clear", {});
  }

  /** Ends the delays of the faults so far, those of waiting requests included. Other faults stay. */
  release() {
    return this.#post("faults/release", {});
  }

  /** @returns {Promise<import("./state.js").Seen[]>} */
  requests() {
    return this.#get("requests");
  }

  /**
   * Waits until `count` requests have arrived, a minute at most.
   *
   * @param {number} count
   */
  async arrived(count) {
    for (let looks = 0; looks < LOOKS; looks++) {
      if ((await this.requests()).length >= count) return;
      await sleep(PAUSE);
    }
    throw new Error(`fewer than ${count} requests arrived`);
  }

  /** @returns {Promise<import("./store.js").Entry[]>} */
  tokens() {
    return this.#get("tokens");
  }

  /**
   * Moves the emulator's clock forward.
   *
   * @param {number} seconds
   */
  advance(seconds) {
    return this.#post("clock", { advance: seconds });
  }

  /** @param {number} limit requests in 10 seconds, 0 for no limit */
  setRateLimit(limit) {
    return this.#post("rate-limit", { limit });
  }

  /**
   * @param {number} limit sign-ins in a window from one address, 0 for no limit
   * @param {number} [seconds] of the window. Default: 10
   */
  setSignInLimit(limit, seconds) {
    return this.#post("sign-in-limit", { limit, seconds });
  }

  reset() {
    return this.#post("reset", {});
  }

  /**
   * @template T
   * @param {string} path
   * @returns {Promise<T>}
   */
  async #get(path) {
    const response = await fetch(`${this.url}/__control/${path}`);
    return /** @type {Promise<T>} */ (response.json());
  }

  /**
   * @param {string} path
   * @param {object} body
   */
  async #post(path, body) {
    const response = await fetch(`${this.url}/__control/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      const { message } = /** @type {{ message: string }} */ (await response.json());
      throw new Error(`the emulator refused ${path}: ${message}`);
    }
  }
}
