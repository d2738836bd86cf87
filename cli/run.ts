// A run of many requests: drives it, shows its progress and stops it.
import type { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";
import type { ManyOptions } from "clerk-sign-in-tokens/bulk";

import { clientFromEnv } from "./client.ts";
import { Watch } from "./facts.ts";
import { INTERRUPTED, onInterrupt } from "./interrupt.ts";
import { Progress, type State } from "./progress.ts";
import type { Terminal } from "./terminal.ts";
import { describe } from "./words.ts";

/** What a run does. */
interface Drive<Result> {
  start: (tokens: SignInTokens, options: ManyOptions) => AsyncIterable<Result>;
  options: { concurrency: number; rateLimit?: number };
  take: (result: Result, why: string) => void;
  /** Returns the progress. */
  look?: () => State;
  inFlight: () => number;
  /** What becomes of the requests in flight at a second interrupt. */
  lost: string;
}

export class Run {
  /** Why the run stopped before its end. */
  stopped?: "interrupt" | "key" | "network" | "file";
  #stop = new AbortController();
  #watch = new Watch((reason) =>
    this.#end(`${this.#host} cannot be reached: ${reason}`, "network"),
  );
  #client = clientFromEnv({ fetch: this.#watch.fetch });
  #terminal;
  #failure;
  #sent = 0;

  /** @param failure returns why nothing more may be sent */
  constructor(terminal: Terminal, failure: () => Error | undefined) {
    this.#terminal = terminal;
    this.#failure = failure;
  }

  get #host() {
    return new URL(this.#client.apiUrl).host;
  }

  /**
   * Drives a run: passes each result to `take`. Ends early on an interrupt, on a refused key, where
   * the API can never be reached, and on a failure. The results of the requests in flight come.
   */
  async drive<Result extends { error?: SignInTokensError }>(run: Drive<Result>) {
    const { start, take, look, inFlight, lost } = run;
    const { concurrency, rateLimit } = run.options;
    const { tokens, apiUrl } = this.#client;
    const { signal } = this.#stop;
    const options = { concurrency, ...(rateLimit && { rateLimit }), signal };
    const note = () => (this.stopped ? "stopping" : this.#watch.note);
    const state = () => look && { ...look(), sent: this.#sent, note: note() };
    const progress = look && new Progress(this.#terminal, state as () => State & { sent: number });
    const off = onInterrupt(
      () => this.#interrupt(inFlight()),
      () =>
        inFlight() && this.#terminal.say(`${count(inFlight(), "request")} not awaited: ${lost}`),
    );
    progress?.start();
    try {
      for await (const result of start(tokens, options)) {
        this.#sent++;
        const why = result.error ? describe(result.error, apiUrl) : "";
        take(result, why);
        if (result.error?.code === "unauthorized") this.#end(why, "key");
        if (this.#failure()) this.#abort("file");
      }
    } catch (error) {
      if (error !== signal.reason && error !== this.#failure()) throw error;
    } finally {
      progress?.stop();
      off();
    }
    if (this.#failure()) this.#abort("file");
  }

  /** Returns the exit code. */
  exitCode(isComplete: boolean) {
    if (this.stopped === "interrupt") return INTERRUPTED;
    return isComplete && !this.stopped && !this.#failure() ? 0 : 1;
  }

  #abort(why: Run["stopped"]) {
    this.stopped ??= why;
    this.#stop.abort();
  }

  #interrupt(inFlight: number) {
    this.#abort("interrupt");
    const wait = inFlight > 0 ? " once the requests in flight are answered" : "";
    this.#terminal.note(`Stopping${wait}. Press Ctrl-C again to stop at once.`);
  }

  #end(message: string, why: Run["stopped"]) {
    if (this.stopped) return;
    this.#abort(why);
    this.#terminal.error(`${message}. The run stops.`);
  }
}

/** Asks before the first request to a production instance, if somebody can answer. */
export async function mayRun(terminal: Terminal, what: string, isAnswered = false) {
  if (isAnswered || clientFromEnv().instance !== "production") return true;
  return terminal.ask(`${what} in the production instance?`);
}

/** Returns a text such as "1 request" or "2,000 requests". */
export function count(number: number, noun: string) {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}
