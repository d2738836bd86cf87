// What the command knows of Clerk's API and of the client beyond their answers. The client is to say these things itself one day;
// until then they stand here, and nowhere else.

/** @typedef {import("clerk-sign-in-tokens").SignInTokensError} SignInTokensError */

/** Clerk's limits, in requests in 10 seconds. */
export const LIMITS = { production: 1000, development: 100 };

/** Clerk's own lifetime of a token, in seconds. */
export const THIRTY_DAYS = 2_592_000;

/** The lost answers in a row after which a bulk run pauses, for a second and then twice as long each time. */
const OUTAGE = 10;
const LONGEST_PAUSE = 30_000;

/** The milliseconds that a request may take. */
const TIMEOUT = 10_000;

/** The milliseconds by which a timer is late if the process was stopped, and that an answer may then take to be read. */
const STOPPED = 500;
const GRACE = 2000;

/** The longest timeout that the client takes: {@link Watch} has its own. */
export const NO_TIMEOUT = 2 ** 31 - 1;

/** The codes and (Deno) messages of runtimes for a connection that could not be made. Then nothing was sent. */
const NO_CONNECTION = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
  "FailedToOpenSocket",
]);

/** The codes for a network that is away, before a connection is made or after the request was sent. */
const NO_NETWORK = new Set(["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN"]);

const NO_CONNECTION_MESSAGE =
  /client error \(Connect\)|Requests to port \d+ are blocked|^bad port$/;

/**
 * Returns the outcome of a failed call: "none" also where no connection was made.
 *
 * @param {SignInTokensError} error
 */
export function outcomeOf(error) {
  return error.code === "network" && causes(error).some(isNoConnection) ? "none" : error.outcome;
}

/**
 * Returns whether the token cannot sign anybody in any more. Only Clerk's own errors say so: a proxy's 400 does not. With an
 * unknown outcome, an earlier request revoked it, whose answer was lost.
 *
 * @param {SignInTokensError} error
 */
export function isNotPending({ code, status, errors }) {
  return code === "rejected" && status === 400 && errors.length > 0;
}

/** Watches the requests of a bulk run: says why it pauses and until when, and ends a request that takes too long. */
export class Watch {
  #onHopeless;
  #hasAnswer = false;
  #lost = 0;
  /** @type {{ reason: string, until: number } | undefined} */
  #pause;

  /** @param {(reason: string) => void} onHopeless is called if no request ever gets an answer */
  constructor(onHopeless) {
    this.#onHopeless = onHopeless;
  }

  /** Why no request is sent at the moment, and when the next one is. */
  get note() {
    const { reason, until } = this.#pause ?? { reason: "", until: 0 };
    if (until <= Date.now()) return undefined;
    return `${reason}, next try at ${new Date(until).toLocaleTimeString("en-GB")}`;
  }

  /** @type {import("clerk-sign-in-tokens").FetchLike} */
  fetch = async (url, init) => {
    const signal = AbortSignal.any([init.signal, deadline()]);
    try {
      const response = await fetch(url, /** @type {RequestInit} */ ({ ...init, signal }));
      const { status, headers } = response;
      this.#hasAnswer = true;
      if (status === 429)
        this.#pauseFor("rate limit", 1000 * (Number(headers.get("retry-after")) || 1));
      else if (status >= 500) this.#count(`HTTP ${status}`);
      else this.#lost = 0;
      if (status < 500 && status !== 429) this.#pause = undefined;
      return response;
    } catch (error) {
      const last = causes(/** @type {Error} */ ({ cause: error })).at(-1);
      this.#count(`no answer (${last?.code ?? last?.message ?? error})`);
      throw error;
    }
  };

  /** @param {string} reason */
  #count(reason) {
    const inOutage = ++this.#lost - OUTAGE;
    if (inOutage < 0) return;
    this.#pauseFor(reason, Math.min(1000 * 2 ** inOutage, LONGEST_PAUSE));
    if (!this.#hasAnswer) this.#onHopeless(reason);
  }

  /**
   * @param {string} reason
   * @param {number} ms
   */
  #pauseFor(reason, ms) {
    this.#pause = { reason, until: Math.max(Date.now() + ms, this.#pause?.until ?? 0) };
  }
}

/** Returns a signal for a request that takes too long. While the process is stopped, no answer can be read: that does not count. */
function deadline() {
  const controller = new AbortController();
  const start = (/** @type {number} */ ms) => {
    const due = performance.now() + ms;
    setTimeout(() => {
      if (performance.now() - due > STOPPED) start(GRACE);
      else controller.abort(new Error("the request took too long"));
    }, ms);
  };
  start(TIMEOUT);
  return controller.signal;
}

/** @param {NodeJS.ErrnoException} error */
export function isNoConnection({ name, code = "", message }) {
  if (NO_CONNECTION.has(code) || NO_CONNECTION_MESSAGE.test(message)) return true;
  // Node connects to several addresses at once: an error for all of them has no message.
  const isConnecting =
    message.startsWith("connect ") || (name === "AggregateError" && message === "");
  return NO_NETWORK.has(code) && isConnecting;
}

/**
 * Returns the cause of an error, its cause, and so on.
 *
 * @param {Pick<Error, "cause">} error
 */
export function causes(error) {
  /** @type {NodeJS.ErrnoException[]} */
  const found = [];
  for (let { cause } = error; cause instanceof Error; { cause } = cause) found.push(cause);
  return found;
}
