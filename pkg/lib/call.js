// Drives one call: does what needs a clock, a timer, a signal or fetch. What comes next is always the core's to say.
import { readBody } from "./body.js";
import { ask, authorization, next, timedOut } from "./core.js";
import { describe, internalError, invalidArgument, SignInTokensError } from "./error.js";
import { Interrupt } from "./interrupt.js";

const NOT_A_RESPONSE = { status: 0, headers: new Headers(), body: null };

/** One call to its end, retries included. `options` are the checked ones of the client and of this call. */
export async function call(operation, request, options) {
  const { signal, timeout, fetch = globalThis.fetch } = options;
  if (signal?.aborted) throw signal.reason;
  if (typeof fetch !== "function") throw invalidArgument("fetch", "a function, since this runtime has no fetch");
  const interrupt = new Interrupt(signal, timeout);
  const run = {
    ...options, operation, request, fetch, interrupt,
    // What the core is told of the past: requests sent, whether one that is over may have taken effect.
    attempts: 0,
    unknown: false,
    inFlight: false,
  };
  try {
    run.key = await secretKey(options, interrupt);
    run.headers = headersOf(run);
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
  try {
    key = await interrupt.race(key());
  } catch (error) {
    if (interrupt.cause) throw error;
    throw invalidArgument("secretKey", "the function to give a key, but it failed", describe(error));
  }
  if (typeof key !== "string") throw invalidArgument("secretKey", "the function to give a string");
  return key;
}

function headersOf({ headers, key, request }) {
  const contentType = request.body !== undefined && { "content-type": "application/json" };
  return { ...headers, ...ask(authorization, key), ...contentType };
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
async function exchange({ fetch, request, headers, key, bodyLimit, interrupt }) {
  const answer = {};
  const init = { method: "POST", headers, ...unrepeatable(request.body), redirect: "manual", signal: interrupt.signal };
  const pending = (async () => Reflect.apply(fetch, globalThis, [request.url, init]))();
  try {
    let response = await interrupt.race(pending);
    if (typeof response?.status !== "number" || typeof response.headers?.get !== "function") response = NOT_A_RESPONSE;
    answer.status = response.status;
    answer.retryAfter = header(response, "retry-after");
    answer.cfRay = header(response, "cf-ray");
    answer.body = await readBody(response, bodyLimit, interrupt);
  } catch (error) {
    if (interrupt.cause) {
      // A fetch that does not heed its signal may still answer: let go of that answer.
      pending.then((response) => response?.body?.cancel?.()).catch(() => {});
      throw error;
    }
    answer.failure = describe(error, key);
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

function header(response, name) {
  const value = response.headers.get(name);
  return typeof value === "string" ? value : undefined;
}

function whatNext({ operation, maxRetries, attempts, unknown, interrupt, key }, { status, retryAfter, cfRay, body, failure }) {
  try {
    return ask(
      next, operation === "create", maxRetries, attempts, unknown, interrupt.remaining, Date.now(), Math.random(), key,
      status, retryAfter, cfRay, body,
    );
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
  if (cause && !cause.isTimeout) return cause.reason;
  if (cause) {
    try {
      ask(timedOut, operation === "create", attempts, unknown, inFlight);
    } catch (timeout) {
      error = timeout;
    }
  }
  const isBug = !(error instanceof SignInTokensError) || error.code === "internal";
  return isBug ? internalError(attempts) : error;
}
