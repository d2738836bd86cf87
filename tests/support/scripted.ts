// An API whose answers are the bytes of a script. Records which requests took effect.
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

import { listen } from "./listen.ts";

/** A piece of an answer, and how long to wait before it, in milliseconds. */
interface Piece {
  bytes: Uint8Array;
  wait: number;
}

export interface Answer {
  status: number;
  pieces: Piece[];
  /** What becomes of the connection. */
  end: string;
  label?: string;
  /** Whether the request takes effect. */
  effect?: boolean;
  /** Whether the answer is complete, valid HTTP and not delayed. */
  isWhole?: boolean;
  /** What it contains. */
  isToken?: boolean;
  isErrors?: boolean;
}

interface Request {
  line: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** `arrived` has the answers given, each with its `request`. */
export interface Call {
  answers: Answer[];
  arrived: (Answer & { request: Request })[];
  effects: number;
}

const CREATE = "/v1/sign_in_tokens";
const REVOKE = /^\/v1\/sign_in_tokens\/(\w+)\/revoke$/;

/**
 * The API's answer to a create without a body, which Node sends when it repeats a create after a
 * 421.
 */
const NO_BODY = {
  label: "no body",
  status: 400,
  pieces: [
    { bytes: plain(400, '{"errors":[{"code":"a","message":"b","long_message":"c"}]}'), wait: 0 },
  ],
  end: "keep",
};

/** Returns the bytes of a plain answer. */
export function plain(status: number, body: string | Uint8Array, headers: string[] = []) {
  const lines = [
    `HTTP/1.1 ${status} Reason`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), Buffer.from(body)]);
}

export type Scripted = Awaited<ReturnType<typeof startScripted>>;

/** Starts the API. Returns `{ url, calls, strays }`, which can be disposed of. */
export async function startScripted() {
  /** Calls by user or token ID. */
  const calls = new Map<string, Call>();
  /** Requests that belong to no call. */
  const strays: string[] = [];
  const spoilt = new WeakSet<Socket>();
  let misdirected = 0;
  const respond = async (socket: Socket, request: Request) => {
    if (request.line === `POST ${CREATE} HTTP/1.1` && request.body === "" && misdirected-- > 0)
      return play(socket, NO_BODY);
    const call = callOf(request, calls);
    if (!call) strays.push(JSON.stringify(request));
    // The client may read the rest of an earlier answer as the answer to this request: like a
    // server that notices this, the API closes the connection without processing the request.
    if (!call || spoilt.has(socket)) return socket.destroy();
    const answer = call.answers[Math.min(call.arrived.length, call.answers.length - 1)];
    if (answer.isWhole === false) spoilt.add(socket);
    call.arrived.push({ ...answer, request });
    if (answer.effect) call.effects++;
    if (answer.status === 421) misdirected++;
    return play(socket, answer);
  };
  // Its own answers are never used: the bytes go to the socket.
  const server = createServer({ noDelay: true }, async (request) => {
    const { method, url, httpVersion, headers, socket } = request;
    const line = `${method} ${url} HTTP/${httpVersion}`;
    const body = await text(request).catch(() => undefined);
    // Else the client disconnected.
    if (body !== undefined) await respond(socket, { line, headers, body });
  });
  const port = await listen(server);
  const close = async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${port}`, calls, strays, [Symbol.asyncDispose]: close };
}

async function play(socket: Socket, { pieces, end }: Answer) {
  for (const { bytes, wait } of pieces) {
    if (wait > 0) await sleep(wait);
    if (socket.destroyed) return;
    socket.write(bytes);
  }
  if (end === "close") socket.end();
  if (end === "reset") socket.resetAndDestroy();
}

/**
 * Returns the call that a request belongs to; `undefined` if the API does not accept the request.
 */
function callOf({ line, headers, body }: Request, calls: Map<string, Call>) {
  const [method, path, version] = line.split(" ");
  if (
    method !== "POST" ||
    version !== "HTTP/1.1" ||
    !/^bearer sk_\w+$/i.test(headers.authorization ?? "")
  )
    return undefined;
  if (path !== CREATE) return body === "" ? calls.get(path.match(REVOKE)?.[1] ?? "") : undefined;
  try {
    return calls.get(JSON.parse(body).user_id);
  } catch {
    return undefined;
  }
}
