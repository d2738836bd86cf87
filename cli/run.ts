// A run of many requests: drives it, shows its progress and stops it.
import type { SignInTokens, SignInTokensError } from "clerk-sign-in-tokens";
import type { ManyOptions, Pause } from "clerk-sign-in-tokens/bulk";

import { clientFromEnv } from "./client.ts";
import { INTERRUPTED, onInterrupt } from "./interrupt.ts";
import { type Progress, showProgress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";
import { count, describe } from "./words.ts";

export interface RunOptions {
  concurrency: number;
  rateLimit?: number;
  json?: boolean;
  yes?: boolean;
}

interface Drive<Input, Result> {
  many: (
    tokens: SignInTokens,
    inputs: AsyncIterable<Input>,
    options: ManyOptions,
  ) => AsyncIterable<Result>;
  inputs: AsyncIterable<Input>;
  /** What was taken from `inputs` and has no result yet. */
  inFlight: { size: number };
  options: RunOptions;
  take: (result: Result, why: string) => void;
  /** Returns the progress, where it is shown. */
  look?: () => Progress;
  /** What becomes of the requests in flight at a second interrupt. */
  lost: string;
}

export class Run {
  /** Why the run stopped before its end. */
  stopped?: "interrupt" | "key" | "network" | "file";
  #stop = new AbortController();
  #client = clientFromEnv();
  #terminal;
  #results;
  #answered = 0;
  /** Whether the API has ever answered. */
  #isReached = false;
  /** Why no request is sent at the moment, and when the next one is. */
  #pause?: string;

  /** @param results where a `failure` says why nothing more may be sent */
  constructor(terminal: Terminal, results: { failure?: Error } = {}) {
    this.#terminal = terminal;
    this.#results = results;
  }

  /**
   * Drives a run: passes each result to `take`. Ends early on an interrupt, on a refused key, where
   * the API can never be reached, and on a failure. The results of the requests in flight come.
   */
  async drive<Input, Result extends { error?: SignInTokensError }>(run: Drive<Input, Result>) {
    const { many, inputs, take, look } = run;
    const { concurrency, rateLimit } = run.options;
    const { tokens, apiUrl } = this.#client;
    const { signal } = this.#stop;
    const onPause = (pause: Pause) => this.#notePause(pause);
    const onResume = () => this.#notePause();
    const options = { concurrency, rateLimit, signal, onPause, onResume };
    const note = () => (this.stopped ? "stopping" : this.#pause);
    const progress = () => ({
      done: 0,
      failed: 0,
      ...look?.(),
      sent: this.#answered,
      note: note(),
    });
    const stopProgress = look && showProgress(this.#terminal, progress);
    const off = this.#listen(run);
    try {
      for await (const result of many(tokens, inputs, options)) {
        this.#answered++;
        this.#isReached ||= !result.error || result.error.status !== undefined;
        const why = result.error ? describe(result.error, apiUrl) : "";
        take(result, why);
        if (result.error?.code === "unauthorized") this.#end(why, "key");
        if (this.#results.failure) this.#abort("file");
      }
    } catch (error) {
      if (error !== signal.reason && error !== this.#results.failure) throw error;
    } finally {
      stopProgress?.();
      off();
    }
    if (this.#results.failure) this.#abort("file");
  }

  exitCode(isComplete: boolean) {
    if (this.stopped === "interrupt") return INTERRUPTED;
    return isComplete && !this.stopped && !this.#results.failure ? 0 : 1;
  }

  #notePause(pause?: Pause) {
    this.#pause = undefined;
    if (!pause) return;
    const { until, error } = pause;
    const why = describe(error, this.#client.apiUrl);
    this.#isReached ||= error.status !== undefined;
    if (!this.#isReached) this.#end(why, "network");
    this.#pause = `${why}, next try at ${new Date(until).toLocaleTimeString("en-GB")}`;
  }

  #listen({ inFlight, lost }: Pick<Drive<never, never>, "inFlight" | "lost">) {
    const left = () => count(inFlight.size, "request");
    return onInterrupt(
      () => {
        this.#abort("interrupt");
        const wait = inFlight.size > 0 ? " once the requests in flight are answered" : "";
        this.#terminal.note(`Stopping${wait}. Press Ctrl-C again to stop at once.`);
      },
      () => inFlight.size > 0 && this.#terminal.say(`${left()} not awaited: ${lost}`),
    );
  }

  #abort(why: Run["stopped"]) {
    this.stopped ??= why;
    this.#stop.abort();
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
