// Sends many requests, as fast as Clerk allows. Pauses while the browser is offline, and for a
// login.
import { computed, signal } from "@preact/signals";
import type { CreateSignInTokenParams, SignInToken, SignInTokensError } from "clerk-sign-in-tokens";
import { createMany, type Pause, revokeMany } from "clerk-sign-in-tokens/bulk";

import { asError, isLoggedOut, isLost } from "../errors.ts";
import type { Operation } from "../types.ts";
import { tick } from "./clock.ts";
import { isOnline, timesOffline, untilOnline } from "./online.ts";
import { nextLogin, session } from "./session.ts";

export interface Wait {
  why: Pause["reason"] | "login" | "offline";
  /** 0 where it is not known. */
  until: number;
}

/** The rate is over the last 10 seconds, as is Clerk's limit. */
const WINDOW_MS = 10_000;

export interface Work<T> {
  operation: Operation;
  inputs: T[];
  /** Sends one request. Called again with the same input after a lost answer or a refusal. */
  send: (input: T) => Promise<SignInToken>;
  settle: (input: T, token?: SignInToken, error?: SignInTokensError) => void;
}

export class Batch {
  /** Why it waits, while it does. */
  waiting = computed((): Wait | undefined =>
    isOnline.value || this.#pause.value?.why === "login"
      ? this.#pause.value
      : { why: "offline", until: 0 },
  );
  #pause = signal<Wait | undefined>(undefined);
  #stop = new AbortController();
  #begunAt = Date.now();
  /** When requests were settled. */
  #times: number[] = [];

  /** Starts nothing more, and waits for requests in flight. */
  stop() {
    this.#stop.abort();
  }

  /** Requests per second; 0 during the first second. */
  get rate() {
    const from = Date.now() - WINDOW_MS;
    while (this.#times[0] < from) this.#times.shift();
    const elapsed = Math.min(WINDOW_MS, Date.now() - this.#begunAt);
    return elapsed < 1000 ? 0 : (this.#times.length * 1000) / elapsed;
  }

  /** Settles the inputs, unless it is stopped. When the session ends, continues after a login. */
  async run<T>(work: Work<T>) {
    for (let left = work.inputs; left.length > 0 && !this.#stop.signal.aborted;) {
      const sessionEnd = new AbortController();
      const done = await this.#pass({ ...work, inputs: left }, sessionEnd);
      left = left.filter((input) => !done.has(input));
      if (!sessionEnd.signal.aborted || this.#stop.signal.aborted) continue;
      this.#wait({ why: "login", until: 0 });
      await nextLogin();
      this.#wait(undefined);
    }
  }

  async #pass<T>({ operation, inputs, send, settle }: Work<T>, sessionEnd: AbortController) {
    const done = new Set<T>();
    const signal = AbortSignal.any([this.#stop.signal, sessionEnd.signal]);
    const options = {
      signal,
      rateLimit: session.value.rateLimit,
      onPause: ({ reason, until }: Pause) => this.#wait({ why: reason, until }),
      onResume: () => this.#wait(undefined),
    };
    const online = (input: T) => this.#online(() => send(input), signal);
    const many =
      operation === "create"
        ? createMany(
            { create: (input) => online(input as T) },
            inputs as (T & CreateSignInTokenParams)[],
            options,
          )
        : revokeMany(
            { revoke: (at) => online(inputs[Number(at)]) },
            [...inputs.keys()].map(String),
            options,
          );
    try {
      for await (const { index, token, error } of many) {
        if (isLoggedOut(error)) sessionEnd.abort();
        else if (token || error !== signal.reason) {
          done.add(inputs[index]);
          this.#times.push(Date.now());
          settle(inputs[index], token, error && asError(error));
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return done;
  }

  /**
   * Sends a request only if the browser is online. If it went offline meanwhile and the answer was
   * lost, asks again: the edge function does each request once.
   */
  async #online(send: () => Promise<SignInToken>, signal: AbortSignal) {
    for (let lost: unknown; ;) {
      await untilOnline(signal).catch((reason) => {
        throw lost ?? reason;
      });
      const before = timesOffline;
      try {
        return await send();
      } catch (error) {
        // It may be online again by now.
        const wasOnline = navigator.onLine && timesOffline === before;
        if (wasOnline || !isLost(asError(error))) throw error;
        lost = error;
      }
    }
  }

  #wait(wait: Wait | undefined) {
    tick();
    this.#pause.value = wait;
  }
}
