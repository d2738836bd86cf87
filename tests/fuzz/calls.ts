// Creates the random calls of a seed, and checks them in a runtime.
import { Random } from "../support/random.ts";
import type { Runtime } from "../support/runtimes.ts";
import type { Scripted } from "../support/scripted.ts";
import { randomAnswer } from "./answers.ts";
import { brokenByCall, type SingleCall } from "./rules.ts";

/** A call that has not ended this many milliseconds after its deadline counts as hanging. */
const PATIENCE = 20_000;

/** How many calls are made at the same time in one runtime, besides those of other groups. */
export const TOGETHER = 3;

/**
 * Creates the `n`th call of a seed: the call of the package, and the answers to its requests in
 * order.
 */
function randomCall(seed: number, n: number, elsewhere: string) {
  const random = new Random(seed, n);
  const isSlow = random.chance(0.4);
  const call: SingleCall = {
    operation: random.weighted([
      [3, "create"],
      [1, "revoke"],
    ]),
    answers: [],
    key: `sk_test_fuzz${seed}_${n}`,
    otherKey: `sk_live_other${seed}`,
    timeout: isSlow ? random.int(50, 300) : 3000,
    maxRetries: random.int(0, 3),
    abortAfter: random.chance(0.08) ? random.int(0, 60) : undefined,
    token: { id: `sit_${seed}_${n}`, userId: `user_${seed}_${n}`, ticket: `ticket_${seed}_${n}` },
    elsewhere,
    arrived: [],
    effects: 0,
  };
  call.answers = Array.from({ length: call.maxRetries + 2 }, () => randomAnswer(random, call));
  return call;
}

/**
 * Creates the `n`th group of calls of a seed. They are made at the same time, each in a context of
 * its own.
 */
export function randomGroup(seed: number, n: number, elsewhere: string) {
  const numbers = Array.from({ length: TOGETHER }, (_, i) => n * TOGETHER + i);
  return numbers.map((number) => randomCall(seed, number, elsewhere));
}

/** Makes the calls of a group in a runtime. Returns the rules that they broke, as text. */
export async function makeGroup(runtime: Runtime, server: Scripted, calls: SingleCall[]) {
  const together = calls.map((call) => asked(call, server));
  try {
    const patience = Math.max(...calls.map(({ timeout }) => timeout)) + PATIENCE;
    const results = await runtime.call({ together }, { signal: AbortSignal.timeout(patience) });
    return calls.flatMap((call, i) => brokenByCall(call, results[i]));
  } catch (error) {
    return [`the runtime returned no result: ${error}`];
  }
}

function asked(call: SingleCall, server: Scripted) {
  const { operation, key, timeout, maxRetries, abortAfter, token } = call;
  const name = operation === "create" ? token.userId : token.id;
  server.calls.set(name, call);
  return {
    key,
    client: { fromContext: true, apiUrl: server.url },
    operation,
    argument: operation === "create" ? { userId: name, orgId: null } : name,
    options: { timeout, maxRetries },
    abortAfter,
    inspect: true,
    watch: true,
  };
}

/** Describes a group in one line. */
export const describeGroup = (calls: SingleCall[]) => calls.map(describeCall).join("; beside it ");

function describeCall({ operation, timeout, maxRetries, abortAfter, ...call }: SingleCall) {
  const { arrived, effects } = call;
  const options = JSON.stringify({ timeout, maxRetries, abortAfter });
  const answers = arrived.map(({ label }) => `[${label}]`).join(" ");
  const took = `took effect ${effects} times`;
  return `${operation} ${options}, answered with ${answers || "nothing"}; ${took}`;
}
