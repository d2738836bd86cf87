// Creates random answers, byte by byte: their content, their framing, when their bytes are sent,
// and how they end.
import type { Random } from "../support/random.ts";
import type { Answer } from "../support/scripted.ts";
import { clerksBody, damaged, nearlyClerksBody, otherBody, tokenBody } from "./bodies.ts";
import { encoded, framed, type Header } from "./framing.ts";
import type { SingleCall } from "./rules.ts";

/** Short waits, because the client sleeps for each of them. */
const RETRY_AFTER = ["0", "0", "0", "0", "1", undefined];

const ODD_RETRY_AFTER = [
  "",
  "-1",
  "+0",
  "0.5",
  "1e0",
  "00000",
  " 0 ",
  "0, 0",
  "soon",
  "\xff",
  "NaN",
  "0x0",
  "86400",
  "2147484",
  "99999999999999999999",
  "Sun, 06 Nov 1994 08:49:37 GMT",
  "Sunday, 06-Nov-94 08:49:37 GMT",
  "Sun Nov  6 08:49:37 1994",
  "Fri, 31 Dec 9999 23:59:59 GMT",
  "Thu, 32 Foo 2026 25:61:61 GMT",
  `${"9".repeat(400)}`,
];

/** Creates one answer to `call`. */
export function randomAnswer(random: Random, call: SingleCall): Answer {
  const status = randomStatus(random);
  const { body, effect } = randomContent(random, call, status);
  const coded = encoded(random, body);
  const inFrame = framed(random, coded.bytes, status);
  const headers = [...coded.headers, ...inFrame.headers, ...otherHeaders(random, call, status)];
  const head = headOf(random, status, headers, inFrame.version);
  const bytes = Buffer.concat([head.bytes, inFrame.bytes]);
  const sent = delivery(random, bytes, inFrame.end ?? "keep", call.timeout);
  return {
    label: [
      effect && "effect",
      status,
      body.label,
      coded.label,
      inFrame.label,
      head.label,
      sent.label,
    ]
      .filter(Boolean)
      .join(", "),
    status,
    effect,
    isToken: body.isToken,
    isErrors: body.isErrors,
    isWhole: ![coded, inFrame, head, sent].some(({ label }) => label),
    pieces: sent.pieces,
    end: sent.end,
  };
}

function randomStatus(random: Random) {
  return random.weighted([
    [8, () => 200],
    [4, () => 429],
    [3, () => random.pick([400, 401, 403, 404, 409, 422])],
    [2, () => random.pick([500, 502, 503, 504])],
    [1, () => random.pick([301, 302, 303, 307, 308])],
    [1, () => random.pick([201, 202, 204, 205, 206, 304, 408, 421, 425])],
    [3, () => random.int(100, 599)],
  ])();
}

/**
 * Creates a body, and decides whether the request takes effect. It takes no effect if the answer is
 * a 429, a 421, or another 4xx in Clerk's error shape; a revoke takes no effect at any 4xx. Any
 * other answer may come from a proxy, after the request took effect or not.
 */
function randomContent(random: Random, call: SingleCall, status: number) {
  const isRefusal = status >= 400 && status < 500;
  const body = randomBody(random, call, status);
  const isNone = status === 429 || status === 421;
  const isSaidToBeNone = isRefusal && (body.hasErrors || call.operation === "revoke");
  const effect = !isNone && !isSaidToBeNone && (body.hasToken || random.chance(0.5));
  return { body: random.chance(0.05) ? damaged(random, body) : body, effect };
}

function randomBody(random: Random, call: SingleCall, status: number) {
  if (status >= 200 && status < 300 && random.chance(0.7)) return tokenBody(random, call);
  if (status >= 400 && random.chance(0.6)) return clerksBody(random, call);
  if (status >= 400 && random.chance(0.1)) return nearlyClerksBody(random);
  return otherBody(random, call);
}

function otherHeaders(random: Random, call: SingleCall, status: number) {
  const headers: Header[] = [
    [
      "content-type",
      random.pick(["application/json", "application/json; charset=utf-8", "text/html", "x"]),
    ],
  ];
  if (status === 429 || status === 503 || random.chance(0.05)) {
    const value = random.pick(random.chance(0.7) ? RETRY_AFTER : ODD_RETRY_AFTER);
    if (value !== undefined) headers.push(["retry-after", value]);
    if (random.chance(0.05)) headers.push(["retry-after", "1"]);
  }
  if ((status >= 300 && status < 400) || status === 201)
    headers.push(["location", random.pick([`${call.elsewhere}/v1/sign_in_tokens`, "/", "::"])]);
  if (random.chance(0.3)) headers.push(["cf-ray", random.pick(["8f-EMU", `8f-${call.key}`])]);
  if (random.chance(0.1)) headers.push(["x-echo", `Bearer ${call.key}`]);
  if (random.chance(0.02)) headers.push(["x-long", "x".repeat(100_000)]);
  if (random.chance(0.02)) headers.push(["bad header", "\0"]);
  return headers;
}

function headOf(random: Random, status: number, headers: Header[], version = "HTTP/1.1") {
  const early = random.chance(0.1) ? random.int(1, 3) : 0;
  const informational = Array.from({ length: early }, () =>
    random.pick(["100 Continue", "102 Processing", "103 Early Hints"]),
  );
  const odd =
    random.chance(0.02) && random.pick(["HTTP/9.9 200 OK", "ICY 200 OK", "HTTP/1.1 x", ""]);
  const lines = [
    odd === false ? `${version} ${status} Reason` : odd,
    ...headers.map((pair) => pair.join(": ")),
  ];
  const isOdd =
    odd !== false || headers.some(([name]) => name.startsWith("bad") || name === "x-long");
  return {
    label: [early && `${early} informational first`, isOdd && "odd head"]
      .filter(Boolean)
      .join(", "),
    bytes: Buffer.from(
      [
        ...informational.map((line) => `HTTP/1.1 ${line}\r\n\r\n`),
        lines.join("\r\n"),
        "\r\n\r\n",
      ].join(""),
      "latin1",
    ),
  };
}

interface Delivery extends Pick<Answer, "pieces" | "end"> {
  /** None for one that is whole. */
  label?: string;
}

/** Decides when which bytes are sent, and how the answer ends. */
function delivery(random: Random, bytes: Buffer, end: string, timeout: number): Delivery {
  const whole = [{ bytes, wait: 0 }];
  const cut = random.int(0, bytes.length - 1);
  const ending = random.weighted([
    [3, "reset"],
    [2, "close"],
    [1, "hang"],
  ]);
  return random.weighted<() => Delivery>([
    [14, () => ({ pieces: whole, end })],
    [
      2,
      () => ({
        label: `cut at ${cut}, ${ending}`,
        pieces: [{ bytes: bytes.subarray(0, cut), wait: 0 }],
        end: ending,
      }),
    ],
    [1, () => ({ label: `no answer, ${ending}`, pieces: [], end: ending })],
    [1, () => ({ label: "then reset", pieces: whole, end: "reset" })],
    [1, () => ({ label: "then closed", pieces: whole, end: "close" })],
    [1, () => ({ label: "late", pieces: [{ bytes, wait: aroundDeadline(random, timeout) }], end })],
    [2, () => ({ label: "in drops", pieces: drops(random, bytes, timeout), end })],
  ])();
}

function drops(random: Random, bytes: Buffer, timeout: number) {
  const count = random.int(2, 20);
  const size = Math.ceil(bytes.length / count);
  const wait = aroundDeadline(random, timeout) / count;
  return Array.from({ length: count }, (_, n) => ({
    bytes: bytes.subarray(n * size, (n + 1) * size),
    wait,
  }));
}

function aroundDeadline(random: Random, timeout: number) {
  return random.chance(0.5) ? random.int(timeout - 30, timeout + 30) : random.int(0, 2 * timeout);
}
