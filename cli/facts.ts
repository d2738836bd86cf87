// What the command knows of Clerk's API and of the client beyond their answers. The client is to
// say these things itself one day; until then they stand here, and nowhere else.

import type { FetchLike, SignInTokensError } from "clerk-sign-in-tokens";

/** Clerk's limits, in requests in 10 seconds. */
export const LIMITS = { production: 1000, development: 100 };

/** Clerk's own lifetime of a token, in seconds. */
export const THIRTY_DAYS = 2_592_000;

/** The lost answers in a row after which a run pauses: for a second, then twice as long each time. */
const OUTAGE = 10;
const LONGEST_PAUSE = 30_000;

/** The milliseconds that a request may take. */
const TIMEOUT = 10_000;

/** The milliseconds that show that the process was stopped, and that an answer may then take. */
const STOPPED = 500;
const GRACE = 2000;

/** The longest timeout that the client takes: {@link Watch} has its own. */
export const NO_TIMEOUT = 2 ** 31 - 1;

/** The codes and (Deno) messages for a connection that was not made, so that nothing was sent. */
const NO_CONNECTION =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|FailedToOpenSocket)$/;

const NO_CONNECTION_MESSAGE =
  /client error \(Connect\)|Requests to port \d+ are blocked|^bad port$/;

/** The codes for a network that is away, before a connection or after the request was sent. */
const NO_NETWORK = /^(EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/;

/** Returns the outcome of a failed call: "none" also where no connection was made. */
export function outcomeOf(error: SignInTokensError) {
  return error.code === "network" && causes(error).some(isNoConnection) ? "none" : error.outcome;
}

/** Watches the requests of a run: says why it pauses, and ends those that take too long. */
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
    const signal = AbortSignal.any([init.signal, deadline()]);
    try {
      const response = await fetch(url, { ...init, signal } as RequestInit);
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

/** Returns a signal for a request that takes too long, not counting that the process was stopped. */
function deadline() {
  const controller = new AbortController();
  const start = (ms: number) => {
    const due = performance.now() + ms;
    setTimeout(() => {
      if (performance.now() - due > STOPPED) start(GRACE);
      else controller.abort(new Error("the request took too long"));
    }, ms);
  };
  start(TIMEOUT);
  return controller.signal;
}

export function isNoConnection({ name, code = "", message }: NodeJS.ErrnoException) {
  if (NO_CONNECTION.test(code) || NO_CONNECTION_MESSAGE.test(message)) return true;
  // Node connects to several addresses at once: an error for all of them has no message.
  const isConnecting =
    message.startsWith("connect ") || (name === "AggregateError" && message === "");
  return NO_NETWORK.test(code) && isConnecting;
}

/** Returns the cause of an error, its cause, and so on. */
export function causes(error: Pick<Error, "cause">) {
  const found: NodeJS.ErrnoException[] = [];
  for (let { cause } = error; cause instanceof Error; { cause } = cause) found.push(cause);
  return found;
}
