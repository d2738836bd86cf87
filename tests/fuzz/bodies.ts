// Creates random bodies of answers.
import type { Random } from "../support/random.ts";

import type { PlannedCall, SingleCall } from "./rules.ts";

/** What a body is, and what a client must or may read in it. */
export interface Body {
  label: string;
  bytes: Buffer;
  /** What a client must read in it. */
  isToken?: boolean;
  isErrors?: boolean;
  /** What a client may read in it. */
  hasToken?: boolean;
  hasErrors?: boolean;
}

const DAMAGES: [string, Buffer][] = [
  ["BOM", Buffer.from([0xef, 0xbb, 0xbf])],
  ["bad UTF-8", Buffer.from([0xff, 0xc0, 0x80])],
  ["NUL", Buffer.from([0])],
  ["lone surrogate", Buffer.from("\\ud800")],
];
const LIMIT = 64 * 1024;

/** What deep values are made of. */
const AROUND = [(inner: unknown) => [inner], (a: unknown) => ({ a })];

const text = (label: string, value: string, facts?: Partial<Body>): Body => ({
  label,
  bytes: Buffer.from(value),
  ...facts,
});
const json = (label: string, value: unknown, facts?: Partial<Body>) =>
  text(label, JSON.stringify(value), facts);

/** Returns a token in the API's format. */
export function tokenOf({ id, userId, ticket }: PlannedCall["token"], status: string) {
  return {
    object: "sign_in_token",
    id,
    user_id: userId,
    status,
    token: ticket,
    url: `https://example.com/v1/tickets/accept?ticket=${ticket}`,
    created_at: 1_700_000_000_000,
    updated_at: 1_700_000_000_000,
  };
}

/** Creates the body of an answer to a call that took effect. */
export function tokenBody(random: Random, call: SingleCall) {
  const token = tokenOf(call.token, call.operation === "create" ? "pending" : "revoked");
  const facts = { isToken: true, hasToken: true };
  return random.weighted([
    [8, () => json("token", token, facts)],
    [
      1,
      () => json("token with unknown fields", { ...token, status: "lent", x: [{ a: 1.5 }] }, facts),
    ],
    [1, () => text("token, indented", JSON.stringify(token, undefined, 2), facts)],
    [1, () => text("token with a BOM", `\ufeff${JSON.stringify(token)}`, { hasToken: true })],
  ])();
}

/**
 * Creates a body in the shape of Clerk's errors. Some contain the secret key, as if the API echoed
 * headers.
 */
export function clerksBody(random: Random, call: SingleCall) {
  const echo = random.pick(["", "", call.key, call.otherKey]);
  const error: Record<string, unknown> = {
    message: `no ${echo}`,
    long_message: `no, ${echo} not at all`,
    code: random.pick(["resource_not_found", "form_param_invalid", `code_${echo}`]),
  };
  const meta = random.weighted<unknown>([
    [4, undefined],
    [1, null],
    [2, { param_name: "user_id", given: echo }],
    [1, { inner: [{ deep: [echo, 5, true, null] }] }],
    [1, { [`key_${echo}`]: 1 }],
    [1, deep(random.pick([100, 1000, 2500]), random.pick(AROUND))],
    [1, JSON.parse('{"__proto__":{"polluted":true},"constructor":1}')],
  ]);
  if (meta !== undefined) error.meta = meta;
  const errors = Array.from({ length: random.int(1, 3) }, () => error);
  const value = { errors, clerk_trace_id: random.pick(["trace_1", `trace_${echo}`, undefined]) };
  const spelled = JSON.stringify(value);
  const escaped = spelled.replaceAll("sk_", "\\u0073k_");
  return text("Clerk's errors", random.chance(0.5) ? escaped : spelled, {
    isErrors: true,
    hasErrors: true,
  });
}

/** Bodies close to the shape of Clerk's errors: a client may accept or reject them. */
const NEARLY_CLERKS: { errors: (Record<string, unknown> | null)[]; clerk_trace_id?: object }[] = [
  { errors: [] },
  { errors: [{}] },
  { errors: [null] },
  { errors: [{ code: "a" }] },
  { errors: [{ code: 5, message: [], long_message: {} }] },
  { errors: [{ code: "a", message: "b", long_message: "c", meta: 5 }], clerk_trace_id: {} },
];

/** Creates a body that is neither a token nor Clerk's errors. */
export function otherBody(random: Random, call: SingleCall) {
  const token = tokenOf(call.token, "pending");
  const cut = JSON.stringify(token);
  return random.weighted([
    [3, () => text("empty", "")],
    [3, () => text("HTML", `<h1>Bad gateway</h1><!-- Authorization: Bearer ${call.key} -->`)],
    [2, () => text("truncated JSON", cut.slice(0, random.int(1, cut.length - 1)))],
    [1, () => json("JSON that is not an object", random.pick([null, 5, "text", [], true]))],
    [
      1,
      () =>
        json(
          "an invalid token",
          { ...token, [random.pick(Object.keys(token))]: { a: 1 } },
          { hasToken: true },
        ),
    ],
    [1, () => json("a token without a user", { ...token, user_id: undefined })],
    [1, () => json("echo", { authorization: `Bearer ${call.key}`, error: call.otherKey })],
    [1, () => ({ label: "bytes", bytes: noise(random, random.int(1, 300)) })],
    [1, () => text("deep JSON", nested(random.pick([100, 10_000, 30_000])))],
    [1, () => text("over the limit", `"${"x".repeat(LIMIT + random.int(0, 100_000))}"`)],
    [
      1,
      () => text("numbers out of range", cut.replace("1700000000000", "1e999"), { hasToken: true }),
    ],
  ])();
}

export function nearlyClerksBody(random: Random) {
  const body = random.pick(NEARLY_CLERKS);
  const hasErrors = body.errors.every((error) => typeof error?.code === "string");
  return json("nearly Clerk's errors", body, { hasErrors });
}

/**
 * Returns the body with damage that text can take in transit, but none that turns one token into
 * another.
 */
export function damaged(random: Random, body: Body): Body {
  const { bytes, label } = body;
  const at = body.hasToken ? 0 : random.int(0, bytes.length);
  const [what, extra] = random.pick(DAMAGES);
  return {
    ...body,
    label: `${label}, ${what} at ${at}`,
    bytes: Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at)]),
    isToken: false,
    isErrors: false,
  };
}

/** Returns a value with so many others around it. */
function deep(depth: number, around: (inner: unknown) => unknown) {
  let value: unknown = null;
  for (let n = 0; n < depth; n++) value = around(value);
  return value;
}

function nested(depth: number) {
  return `${'{"errors":['.repeat(depth)}${"]}".repeat(depth)}`;
}

export function noise(random: Random, length: number) {
  return Buffer.from(Array.from({ length }, () => random.int(0, 255)));
}
