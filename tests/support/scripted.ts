// An API over raw TCP. Sends the answers of a script byte by byte, and records which requests took
// effect.
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
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
  headers: Record<string, string>;
  body: string;
  rest: string;
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
  const sockets = new Set<Socket>();
  const spoilt = new WeakSet<Socket>();
  let misdirected = 0;
  const respond = async (socket: Socket, request: Request) => {
    if (request.line === `POST ${CREATE} HTTP/1.1` && request.body === "" && misdirected-- > 0)
      return play(socket, NO_BODY);
    const call = callOf(request, calls);
    if (!call) strays.push(JSON.stringify(request));
    // The client may read the rest of an earlier answer as the answer to this request: like a
    // server that notices this, the API closes the connection without processing the request.
    if (!call || spoilt.has(socket)) {
      socket.destroy();
      return false;
    }
    const answer = call.answers[Math.min(call.arrived.length, call.answers.length - 1)];
    if (answer.isWhole === false) spoilt.add(socket);
    call.arrived.push({ ...answer, request });
    if (answer.effect) call.effects++;
    if (answer.status === 421) misdirected++;
    return play(socket, answer);
  };
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {}); // The client disconnected.
    serve(socket, respond);
  });
  const port = await listen(server);
  const close = async () => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { url: `http://127.0.0.1:${port}`, calls, strays, [Symbol.asyncDispose]: close };
}

/** Answers the requests of a connection in order, until `respond` returns that it takes no more. */
function serve(socket: Socket, respond: (socket: Socket, request: Request) => Promise<boolean>) {
  let text = "";
  let isBusy = false;
  socket.on("data", async (chunk) => {
    text += chunk.toString("latin1");
    if (isBusy) return;
    isBusy = true;
    for (let request: Request | undefined; (request = parse(text));) {
      text = request.rest;
      if (!(await respond(socket, request))) return;
    }
    isBusy = false;
  });
}

/** Sends an answer. Returns whether the connection can take another request. */
async function play(socket: Socket, { pieces, end }: Answer) {
  for (const { bytes, wait } of pieces) {
    if (wait > 0) await sleep(wait);
    if (socket.destroyed) return false;
    socket.write(bytes);
  }
  if (end === "keep") return true;
  if (end === "close") socket.end();
  if (end === "reset") socket.resetAndDestroy();
  return false;
}

/**
 * Returns the call that a request belongs to; `undefined` if the API does not accept the request.
 */
function callOf({ line, headers, body }: Request, calls: Map<string, Call>) {
  const [method, path, version] = line.split(" ");
  if (
    method !== "POST" ||
    version !== "HTTP/1.1" ||
    !/^bearer sk_\w+$/i.test(headers.authorization)
  )
    return undefined;
  if (path !== CREATE) return body === "" ? calls.get(path.match(REVOKE)?.[1] ?? "") : undefined;
  try {
    return calls.get(JSON.parse(body).user_id);
  } catch {
    return undefined;
  }
}

/**
 * Returns the first request in `text` and the `rest` after it; `undefined` while the request is
 * incomplete.
 */
function parse(text: string): Request | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [line, ...lines] = text.slice(0, end).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((header) => [
      header.slice(0, header.indexOf(":")).toLowerCase(),
      header.slice(header.indexOf(":") + 1).trim(),
    ]),
  );
  const after = text.slice(end + 4);
  if (headers["transfer-encoding"] === "chunked") {
    const chunks = unchunk(after);
    return chunks && { line, headers, ...chunks };
  }
  const length = Number(headers["content-length"] ?? 0);
  if (after.length < length) return undefined;
  return { line, headers, body: after.slice(0, length), rest: after.slice(length) };
}

function unchunk(text: string) {
  let body = "";
  for (let at = 0; ;) {
    const end = text.indexOf("\r\n", at);
    if (end < 0) return undefined;
    const length = parseInt(text.slice(at, end), 16);
    const next = end + 2 + length + 2;
    if (text.length < next) return undefined;
    body += text.slice(end + 2, end + 2 + length);
    at = next;
    if (length === 0) return { body, rest: text.slice(at) };
  }
}
