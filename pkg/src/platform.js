// The other side of src/client/platform.rs: functions that each spare the wasm many calls of the
// platform. They decide nothing.

/**
 * What the requests of one call share: what aborts them, and the reader of the body that is read.
 *
 * @typedef {{ controller: AbortController, hasEnded: boolean, reader?: { cancel(): unknown } }}
 *   Call
 * @typedef {(index: number, ticket: number, what: number, value?: unknown) => void} Event
 */

/** What an event reports, in the numbers of Rust. */
const [FULFILLED, REJECTED, ABORTED] = [0, 1, 2];

/** The longest text of a header or an error that the wasm copies: its memory never shrinks. */
const TEXT_LIMIT = 1024;

/** Returns a text, cut if it is too long. @type {(value: unknown) => string | undefined} */
export function bounded(value) {
  if (typeof value !== "string") return undefined;
  return value.length > TEXT_LIMIT ? `${value.slice(0, TEXT_LIMIT)}…` : value;
}

/**
 * Returns the own properties of an object, each read once. Others may come from a polluted
 * `Object.prototype`.
 *
 * @template T
 * @param {T} object
 * @returns {T}
 */
export const own = (object) => ({ __proto__: null, ...object });

/** @type {{ [names: string]: string[] }} */
const lists = /** @type {any} */ ({ __proto__: null });

/**
 * Returns the values of these own properties, or the name of one that is not among them.
 *
 * @type {(object: Record<string, unknown>, names: string) => unknown[] | string | undefined}
 */
export function options(object, names) {
  const known = listed(names);
  const values = own(object);
  for (const name in values) if (!known.includes(name)) return bounded(name);
  return known.map((name) => values[name]);
}

/**
 * Returns the values of these own properties, such as the `cause` of an error, which are not
 * enumerable.
 *
 * @type {(object: any, names: string) => unknown[]}
 */
export const fields = (object, names) =>
  listed(names).map((name) => (Object.hasOwn(object, name) ? object[name] : undefined));

/**
 * Returns the name, the message and the code of an error and of its causes, one after the other,
 * and of the errors that an AggregateError is made of. A name and a message can be inherited. An
 * error with a getter that throws counts as none.
 *
 * @type {(thrown: any, depth?: number) => (string | undefined)[]}
 */
export function causes(thrown, depth = 3) {
  if (typeof thrown === "string") return ["Error", bounded(thrown), undefined];
  try {
    const [code, cause, errors] = /** @type {any[]} */ (fields(thrown, "code, cause, errors"));
    const own = [thrown.name, thrown.message, code].map(bounded);
    if (own.slice(0, 2).includes(undefined)) return [];
    const inner = Array.isArray(errors) ? errors : [cause];
    if (depth === 0 || inner.length > 8) return own;
    const links = inner.map((error) => causes(error, depth - 1));
    // Where one of several is no error, the others say nothing.
    return links.every(({ length }) => length) ? own.concat(...links) : own;
  } catch {
    return [];
  }
}

/** @type {(names: string) => string[]} */
const listed = (names) => (lists[names] ??= names.split(", "));

/** @type {(headers: HeadersInit) => Record<string, string>} */
export const headerRecord = (headers) => Object.fromEntries(new Headers(headers));

/** @type {(url: string) => string[]} */
export function urlParts(url) {
  const { protocol, hostname, pathname } = new URL(url);
  return [protocol, hostname, pathname];
}

/**
 * Throws a RangeError where less of the stack is left than the wasm may need. Inside the wasm that
 * would be a trap, and each trap makes its own stack smaller. The sum keeps engines from calling
 * the function without a frame.
 *
 * @type {(frames?: number, ...larger: unknown[]) => number}
 */
export function takeRoom(frames = 100, ...larger) {
  return frames === 0 ? larger.length : 1 + takeRoom(frames - 1, ...larger);
}

/** @type {() => boolean} */
export const hasRoom = () => guard(takeRoom);

/**
 * Runs `work`, and returns whether it got to its end: only JavaScript can catch a trap.
 *
 * @type {(work: () => unknown) => boolean}
 */
export function guard(work) {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

/** Creates a promise that the wasm settles. */
export function deferred() {
  /** @type {(value: unknown) => void} */
  let resolve;
  /** @type {(reason: unknown) => void} */
  let reject;
  const promise = new Promise((onFulfilled, onRejected) => {
    resolve = onFulfilled;
    reject = onRejected;
  });
  // @ts-expect-error TypeScript does not know that the function has run.
  return { promise, resolve, reject };
}

/**
 * Reports what a promise settles with, in the async context of whoever calls this.
 *
 * @type {(promise: unknown, event: Event, index: number, ticket: number) => void}
 */
export function wait(promise, event, index, ticket) {
  Promise.resolve(promise).then(
    (value) => event(index, ticket, FULFILLED, value),
    (reason) => event(index, ticket, REJECTED, reason),
  );
}

/** Ignores how a promise ends. @type {(promise: unknown) => void} */
export function ignore(promise) {
  Promise.resolve(promise).catch(() => {});
}

/** @type {() => Call} */
export const newCall = () => ({ controller: new AbortController(), hasEnded: false });

/**
 * Aborts the request of a call. A body that comes later is cancelled.
 *
 * @type {(call: Call, reason: unknown) => void}
 */
export function abandon(call, reason) {
  call.hasEnded = true;
  call.controller.abort(reason);
  cancel(call.reader);
}

/** Cancels a body or its reader, if it is a web stream. @type {(body: any) => void} */
export function cancel(body) {
  try {
    ignore(body.cancel());
  } catch {
    // It is not a web stream, or its `cancel` throws.
  }
}

/**
 * The calls that each signal ends. A signal has one listener, however many calls it ends.
 *
 * @type {WeakMap<AbortSignal, { calls: Map<number, number>, abort: () => void }>}
 */
const listeners = new WeakMap();

/**
 * Makes the signal end a call. Returns whether it is aborted: adding a listener may abort it.
 *
 * @type {(signal: AbortSignal, event: Event, index: number, ticket: number) => boolean}
 */
export function listen(signal, event, index, ticket) {
  let listener = listeners.get(signal);
  if (!listener) {
    const calls = new Map();
    const end = () => [...calls].forEach((call) => event(...call, ABORTED));
    listener = { calls, abort: () => (hasRoom() ? end() : void Promise.resolve().then(end)) };
    signal.addEventListener("abort", listener.abort);
    listeners.set(signal, listener);
  }
  listener.calls.set(index, ticket);
  return signal.aborted;
}

/** @type {(signal: AbortSignal, index: number) => void} */
export function unlisten(signal, index) {
  const listener = listeners.get(signal);
  if (!listener?.calls.delete(index) || listener.calls.size > 0) return;
  listeners.delete(signal);
  signal.removeEventListener("abort", listener.abort);
}
