// The faults that tests set up, and how each one is sent to the client.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

const KNOWN = [
  "times",
  "operation",
  "effect",
  "delay",
  "bodyDelay",
  "status",
  "headers",
  "body",
  "fill",
  "drop",
];

/** @typedef {"create" | "revoke" | "users" | "sign_in"} Operation */

/**
 * A fault, for the next requests. With `status`, `headers`, `body`, `fill`, `drop` or `bodyDelay` it replaces the answer.
 *
 * @typedef {object} Fault
 * @property {number} times the number of requests. Default: 1
 * @property {Operation} [operation] default: any
 * @property {boolean} [effect] carries the operation out, although its answer is lost
 * @property {number} [delay] milliseconds before the answer, unless release() ends it
 * @property {number} [bodyDelay] milliseconds between the headers and the body
 * @property {number} [status] default: 200
 * @property {Record<string, string>} [headers]
 * @property {string | object} [body]
 * @property {number} [fill] the size of a generated body, in bytes
 * @property {"answer" | "body"} [drop] closes the connection in place of the answer, or in the middle of the body
 */

export class Faults {
  /** @type {(Fault & { released: AbortSignal })[]} */
  #ordered = [];
  #release = new AbortController();

  /** @param {Partial<Fault>} fault */
  order(fault) {
    const unknown = Object.keys(fault).filter((name) => !KNOWN.includes(name));
    if (unknown.length > 0)
      throw new Error(`unknown: ${unknown.join(", ")}; known: ${KNOWN.join(", ")}`);
    this.#ordered.push({ times: 1, ...fault, released: this.#release.signal });
  }

  /**
   * Returns the fault for a request, and counts it.
   *
   * @param {Operation} operation
   */
  take(operation) {
    const index = this.#ordered.findIndex(
      (fault) => !fault.operation || fault.operation === operation,
    );
    if (index < 0) return undefined;
    const fault = this.#ordered[index];
    if (--fault.times <= 0) this.#ordered.splice(index, 1);
    return fault;
  }

  /** Ends the delays of all faults so far: of the requests that wait, and of those to come. */
  release() {
    this.#release.abort();
    this.#release = new AbortController();
  }

  /** Forgets all faults. A request that waits then is left waiting: no release() lets it into another test. */
  clear() {
    this.#ordered = [];
    this.#release = new AbortController();
  }
}

/**
 * Plays a fault. Returns false if it only delays: then the real answer follows.
 *
 * @param {Fault & { released: AbortSignal }} fault
 * @param {import("fastify").FastifyReply} reply
 * @param {{ sent?: number }} seen gets the bytes of a filled body that went out
 */
export async function play(fault, reply, seen) {
  if (fault.delay) await delayed(fault.delay, fault.released);
  const isAnswer = ["status", "headers", "body", "fill", "drop", "bodyDelay"].some(
    (name) => name in fault,
  );
  if (!isAnswer) return false;
  reply.hijack();
  const { raw } = reply;
  if (fault.drop === "answer") {
    raw.socket?.resetAndDestroy();
    return true;
  }
  const body = Buffer.from(text(fault.body));
  raw.writeHead(fault.status ?? 200, {
    "content-type": "application/json",
    "content-length": fault.fill ?? body.length,
    ...fault.headers,
  });
  if (fault.bodyDelay) {
    raw.flushHeaders();
    await sleep(fault.bodyDelay, undefined, { ref: false });
  }
  if (fault.fill) {
    await fill(raw, fault.fill, seen);
  } else if (fault.drop === "body") {
    raw.write(body.subarray(0, Math.ceil(body.length / 2)), () => raw.socket?.resetAndDestroy());
  } else {
    raw.end(body);
  }
  return true;
}

/**
 * @param {number} delay milliseconds
 * @param {AbortSignal} released
 */
const delayed = (delay, released) =>
  sleep(delay, undefined, { ref: false, signal: released }).catch(() => {});

/**
 * Writes a body no faster than the client reads it, until the client is gone.
 *
 * @param {import("node:http").ServerResponse} raw
 * @param {number} length bytes
 * @param {{ sent?: number }} seen
 */
async function fill(raw, length, seen) {
  const chunk = Buffer.alloc(16 * 1024, "x");
  const closed = once(raw, "close");
  seen.sent = 0;
  let sent = 0;
  while (sent < length && !raw.destroyed) {
    if (!raw.write(chunk.subarray(0, length - sent)))
      await Promise.race([once(raw, "drain"), closed]);
    sent += chunk.length;
    seen.sent = sent;
  }
  raw.end();
}

/** @param {Fault["body"]} body */
function text(body = "") {
  return typeof body === "string" ? body : JSON.stringify(body);
}
