// What the command knows of Clerk's API and of the client beyond their answers. The client is to
// say these things itself one day; until then they stand here, and nowhere else.

import type { FetchLike } from "clerk-sign-in-tokens";

import { causes } from "./words.ts";

/** Clerk's limits, in requests in 10 seconds. */
export const LIMITS = { production: 1000, development: 100 };

/** Clerk's own lifetime of a token, in seconds. */
export const THIRTY_DAYS = 2_592_000;

/** The lost answers in a row after which a run pauses: for a second, then twice as long each time. */
const OUTAGE = 10;
const LONGEST_PAUSE = 30_000;

/** Watches the requests of a run: says why it pauses. */
export class Watch {
  #onHopeless;
  #hasAnswer = false;
  #lost = 0;
  #pause = { reason: "", until: 0 };

  /** @param onHopeless is called if no request ever gets an answer */
  constructor(onHopeless: (reason: string) => void) {
    this.#onHopeless = onHopeless;
  }

  /** Why no request is sent at the moment, and when the next one is. */
  get note() {
    const { reason, until } = this.#pause;
    if (until <= Date.now()) return undefined;
    return `${reason}, next try at ${new Date(until).toLocaleTimeString("en-GB")}`;
  }

  fetch: FetchLike = async (url, init) => {
    try {
      const response = await fetch(url, init as RequestInit);
      const { status, headers } = response;
      this.#hasAnswer = true;
      const wait = Number(headers.get("retry-after")) || 1;
      if (status === 429) this.#pauseFor("rate limit", 1000 * wait);
      else if (status >= 500) this.#count(`HTTP ${status}`);
      else [this.#lost, this.#pause.until] = [0, 0];
      return response;
    } catch (error) {
      const last = causes({ cause: error }).at(-1);
      this.#count(`no answer (${last?.code ?? last?.message ?? error})`);
      throw error;
    }
  };

  #count(reason: string) {
    const inOutage = ++this.#lost - OUTAGE;
    if (inOutage < 0) return;
    this.#pauseFor(reason, Math.min(1000 * 2 ** inOutage, LONGEST_PAUSE));
    if (!this.#hasAnswer) this.#onHopeless(reason);
  }

  #pauseFor(reason: string, ms: number) {
    this.#pause = { reason, until: Math.max(Date.now() + ms, this.#pause.until) };
  }
}
