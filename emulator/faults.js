// Faults that tests order, and how each is played to the client.
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

/**
 * An ordered fault:
 * - `times` (1): for how many requests; `operation`: only for "create", "revoke" or "sign_in";
 * - `effect` (false): whether the operation is carried out all the same, its answer being lost;
 * - `delay`: milliseconds before anything is answered; `bodyDelay`: between the headers and the body;
 * - `status` (200), `headers`, `body`: an answer in place of the real one; `fill`: a body of that many bytes;
 * - `drop`: "answer" closes the connection instead of answering, "body" in mid-body (so does a truncated body).
 */
export class Faults {
  #ordered = [];

  order(fault) {
    const unknown = Object.keys(fault).filter((name) => !KNOWN.includes(name));
    if (unknown.length > 0)
      throw new Error(`unknown: ${unknown.join(", ")}; known: ${KNOWN.join(", ")}`);
    this.#ordered.push({ times: 1, ...fault });
  }

  /** The fault for this request, which uses it up. */
  take(operation) {
    const index = this.#ordered.findIndex(
      (fault) => !fault.operation || fault.operation === operation,
    );
    if (index < 0) return undefined;
    const fault = this.#ordered[index];
    if (--fault.times <= 0) this.#ordered.splice(index, 1);
    return fault;
  }

  clear() {
    this.#ordered = [];
  }
}

/**
 * Answers in the fault's way, and notes in `seen.sent` how much of a filled body went out. Gives false where only a delay
 * was ordered: then the real answer follows.
 */
export async function play(fault, reply, seen) {
  if (fault.delay) await sleep(fault.delay, undefined, { ref: false });
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

/** Writes no faster than the client reads, and stops when it is gone. */
async function fill(raw, length, seen) {
  const chunk = Buffer.alloc(16 * 1024, "x");
  const closed = once(raw, "close");
  for (seen.sent = 0; seen.sent < length && !raw.destroyed; seen.sent += chunk.length) {
    if (!raw.write(chunk.subarray(0, length - seen.sent)))
      await Promise.race([once(raw, "drain"), closed]);
  }
  raw.end();
}

function text(body = "") {
  return typeof body === "string" ? body : JSON.stringify(body);
}
