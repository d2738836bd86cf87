// What ends a call from outside: the caller's signal and the time limit. Leaves no timer and no listener behind.

const now = () => performance.now();

export class Interrupt {
  #controller = new AbortController();
  #interrupted;
  #timer;
  #deadline;
  #callerSignal;
  #onAbort;

  /** Set once the call was interrupted: `{ reason }` of the caller's abort, or `{ isTimeout: true }`. */
  cause;

  constructor(callerSignal, timeout) {
    this.#interrupted = new Promise((_, reject) => {
      const end = (cause) => {
        this.cause ??= cause;
        reject(this.cause);
        this.#controller.abort(cause.reason);
      };
      this.#deadline = now() + timeout;
      this.#timer = setTimeout(end, timeout, { isTimeout: true });
      this.#callerSignal = callerSignal;
      this.#onAbort = () => end({ reason: callerSignal.reason });
      callerSignal?.addEventListener("abort", this.#onAbort);
      if (callerSignal?.aborted) this.#onAbort();
    });
    this.#interrupted.catch(() => {});
  }

  /** Aborted when the call is: for fetch. */
  get signal() {
    return this.#controller.signal;
  }

  /** Milliseconds left of the time limit. */
  get remaining() {
    return Math.max(0, Math.floor(this.#deadline - now()));
  }

  /** Throws if the call was interrupted. */
  check() {
    if (this.cause) throw this.cause;
  }

  /** What `promise` comes to, unless the call is interrupted first: then it rejects at once. */
  race(promise) {
    return Promise.race([this.#interrupted, promise]);
  }

  async wait(ms) {
    let timer;
    try {
      await this.race(new Promise((resolve) => (timer = setTimeout(resolve, ms))));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets go of what is still under way, such as the rest of a body that is too long. */
  abandon() {
    this.#controller.abort();
  }

  done() {
    clearTimeout(this.#timer);
    this.#callerSignal?.removeEventListener("abort", this.#onAbort);
  }
}
