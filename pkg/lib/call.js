// Drives one call: does what needs a clock, a timer, a signal or fetch. What comes next is always the core's to say.
import { readBody } from "./body.js";
import { ask } from "./core.js";
import { describe, internalError, invalidArgument, SignInTokensError } from "./error.js";
import { Interrupt } from "./interrupt.js";

/** One call to its end, retries included. `options` are the checked ones of the client and of this call. */
export async function call(operation, params, options) {
  const { signal, timeout, fetch = globalThis.fetch } = options;
  if (typeof fetch !== "function") throw invalidArgument("fetch", "a function, since this runtime has no fetch");
  const interrupt = new Interrupt(signal, timeout);
  const run = {
    ...options, operation, fetch, interrupt,
    // What the core is told of the past: requests sent, whether one that is over may have taken effect.
    attempts: 0,
    unknown: false,
    inFlight: false,
  };
  try {
    run.secretKey = await secretKey(options, interrupt);
    run.request = requestOf(run, params);
    interrupt.check();
    for (;;) {
      const step = await attempt(run);
      if (step.token) return step.token;
      run.unknown = step.unknown;
      await interrupt.wait(step.wait);
    }
  } catch (error) {
    interrupt.abandon();
    throw ended(error, run);
  } finally {
    interrupt.done();
  }
}

/** The key: asked for once a call, so that one that rotates works. */
async function secretKey({ secretKey: key }, interrupt) {
  if (typeof key === "string") return key;
  interrupt.check();
  try {
    key = await interrupt.race(key());
  } catch (error) {
    if (interrupt.cause) throw error;
    throw invalidArgument("secretKey", "the function to give a key, but it failed", describe(error));
  }
  if (typeof key !== "string") throw invalidArgument("secretKey", "the function to give a string");
  return key;
}

/** What every attempt gives to fetch: `{ url, body, headers }`. */
function requestOf({ operation, apiUrl, secretKey, headers }, params) {
  const { url, body, authorization } = ask("request", { ...params, operation, apiUrl, secretKey });
  const contentType = body !== undefined && { "content-type": "application/json" };
  return { url, body, headers: { ...headers, authorization, ...contentType } };
}

/** Sends the request once and asks the core what comes next: gives its step, or throws its error. */
async function attempt(run) {
  const { operation, interrupt } = run;
  const event = { operation, attempt: ++run.attempts };
  const begun = performance.now();
  try {
    run.inFlight = true;
    const answer = await exchange(run);
    run.inFlight = false;
    if (answer.status) event.status = answer.status;
    const step = whatNext(run, answer);
    if (step.wait !== undefined) Object.assign(event, { code: step.code, retryIn: step.wait });
    return step;
  } catch (error) {
    event.code = interrupt.cause ? (interrupt.cause.isTimeout ? "timeout" : "aborted") : error.code;
    throw error;
  } finally {
    event.duration = performance.now() - begun;
    observe(run.onAttempt, event);
  }
}

/** One request and its answer: `{ status, retryAfter, cfRay, body }`, lacking what did not come, with `failure` then. */
async function exchange({ fetch, request: { url, body, headers }, secretKey, bodyLimit, interrupt }) {
  const answer = {};
  const init = { method: "POST", headers, ...unrepeatable(body), redirect: "manual", signal: interrupt.signal };
  const pending = (async () => Reflect.apply(fetch, globalThis, [url, init]))();
  try {
    const response = await interrupt.race(pending);
    const { status, headers: given } = response ?? {};
    if (typeof status !== "number" || typeof given?.get !== "function") return { status: 0, body: "" };
    answer.status = status;
    answer.retryAfter = header(given, "retry-after");
    answer.cfRay = header(given, "cf-ray");
    answer.body = await readBody(response, given, bodyLimit, interrupt);
  } catch (error) {
    if (interrupt.cause) {
      // A fetch that does not heed its signal may still answer: let go of that answer.
      pending.then((response) => response?.body?.cancel?.()).catch(() => {});
      throw error;
    }
    answer.failure = describe(error, secretKey);
  }
  return answer;
}

/**
 * The body, so that no runtime sends it twice: Deno, when a kept-alive connection breaks, repeats a request whose body it
 * still has, even a POST that has arrived. It cannot repeat a stream. (Other runtimes do not, and browsers have no streams
 * over HTTP/1.)
 */
function unrepeatable(body) {
  if (!("Deno" in globalThis)) return { body };
  const stream = new ReadableStream({
    start(controller) {
      if (body !== undefined) controller.enqueue(new TextEncoder().encode(body));
      controller.close();
    },
  });
  return { body: stream, duplex: "half" };
}

function header(headers, name) {
  const value = headers.get(name);
  return typeof value === "string" ? value : undefined;
}

function whatNext(run, { body, failure, ...answer }) {
  const { operation, maxRetries, attempts, unknown, secretKey, interrupt: { remaining } } = run;
  const random = Math.floor(Math.random() * 2 ** 32);
  try {
    return ask("next", {
      operation, maxRetries, attempts, unknown, remaining, now: Date.now(), random, secretKey, ...answer,
    }, body);
  } catch (error) {
    if (failure && error.code === "network") {
      Object.defineProperty(error, "cause", { value: failure, configurable: true, writable: true });
    }
    throw error;
  }
}

/** Tells the observer. Whatever it does, the call's own result stands. */
function observe(onAttempt, event) {
  try {
    onAttempt?.(event)?.catch?.(() => {});
  } catch {
    // Its own affair.
  }
}

/** What the caller sees of a call that ended with `error`: an abort's own reason, a timeout, or the core's error. */
function ended(error, { operation, attempts, unknown, inFlight, interrupt: { cause } }) {
  // As fetch has it, bad input comes before an abort.
  if (error.code === "invalid_argument") return error;
  if (cause && !cause.isTimeout) return cause.reason;
  if (cause) {
    try {
      ask("timedOut", { operation, attempts, unknown, inFlight });
    } catch (timeout) {
      error = timeout;
    }
  }
  const isBug = !(error instanceof SignInTokensError) || error.code === "internal";
  return isBug ? internalError(attempts) : error;
}
