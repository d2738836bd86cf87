// The faults that tests set up, and how each one is sent to the client.
import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

import type { FastifyReply } from "fastify";

export type Operation = "create" | "revoke" | "users" | "sign_in";

/**
 * A fault, for the next requests. With `status`, `headers`, `body`, `fill`, `drop` or `bodyDelay`
 * it replaces the answer.
 */
export interface Fault {
  /** The number of requests. Default: 1. */
  times: number;
  /** Default: any. */
  operation?: Operation;
  /** Does the operation, although its answer is lost. */
  effect?: boolean;
  /** Milliseconds before the answer, unless release() ends it. */
  delay?: number;
  /** Milliseconds between the headers and the body. */
  bodyDelay?: number;
  /** Default: 200. */
  status?: number;
  headers?: Record<string, string>;
  body?: string | object;
  /** The size of a generated body, in bytes. */
  fill?: number;
  /** Closes the connection in place of the answer, or in the middle of the body. */
  drop?: "answer" | "body";
}

type Ordered = Fault & { released: AbortSignal };

export class Faults {
  #ordered: Ordered[] = [];
  #release = new AbortController();

  order(fault: Partial<Fault>) {
    this.#ordered.push({ times: 1, ...fault, released: this.#release.signal });
  }

  /** Returns the fault for a request, and counts it. */
  take(operation: Operation) {
    const index = this.#ordered.findIndex(
      (fault) => !fault.operation || fault.operation === operation,
    );
    if (index < 0) return undefined;
    const fault = this.#ordered[index];
    if (--fault.times <= 0) this.#ordered.splice(index, 1);
    return fault;
  }

  /**
   * Ends the delays of all faults so far: of the requests that wait, and of those to come. Faults
   * that only delay are forgotten.
   */
  release() {
    this.#release.abort();
    this.#release = new AbortController();
    this.#ordered = this.#ordered.filter(isAnswer);
  }

  /**
   * Forgets all faults. A request that waits then is left waiting: no release() lets it into
   * another test.
   */
  clear() {
    this.#ordered = [];
    this.#release = new AbortController();
  }
}

/** Returns whether a fault replaces the answer. */
function isAnswer({ status, headers, body, fill, drop, bodyDelay }: Fault) {
  return [status, headers, body, fill, drop, bodyDelay].some((part) => part !== undefined);
}

/**
 * Plays a fault. Returns false if it only delays: then the real answer follows. `seen` gets the
 * bytes of a filled body that went out.
 */
export async function play(fault: Ordered, reply: FastifyReply, seen: { sent?: number }) {
  if (fault.delay) await delayed(fault.delay, fault.released);
  if (!isAnswer(fault)) return false;
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

const delayed = (delay: number, released: AbortSignal) =>
  sleep(delay, undefined, { ref: false, signal: released }).catch(() => {});

/** Writes a body no faster than the client reads it, until the client is gone. */
async function fill(raw: ServerResponse, length: number, seen: { sent?: number }) {
  const chunk = Buffer.alloc(16 * 1024, "x");
  const chunks = function* () {
    for (seen.sent = 0; seen.sent < length; seen.sent += chunk.length)
      yield chunk.subarray(0, length - seen.sent);
  };
  await pipeline(chunks, raw).catch(() => {});
}

function text(body: Fault["body"] = "") {
  return typeof body === "string" ? body : JSON.stringify(body);
}
