// Creates the random calls of a seed, and checks them in a runtime.
import { Random } from "../support/random.ts";
import { randomAnswer } from "./answers.js";
import { brokenByCall } from "./rules.js";

/** A call that has not ended this many milliseconds after its deadline counts as hanging. */
const PATIENCE = 20_000;

/** How many calls are made at the same time in one runtime, besides those of other groups. */
export const TOGETHER = 3;

/**
 * Creates the `n`th call of a seed: the call of the package, and the answers to its requests in
 * order.
 */
function randomCall(seed, n, { elsewhere }) {
  const random = new Random(seed, n);
  const isSlow = random.chance(0.4);
  const call = {
    operation: random.weighted([
      [3, "create"],
      [1, "revoke"],
    ]),
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

/** Creates the `n`th group of calls of a seed. They are made at the same time, each in a context of its own. */
export function randomGroup(seed, n, world) {
  return Array.from({ length: TOGETHER }, (_, i) => randomCall(seed, n * TOGETHER + i, world));
}

/** Makes the calls of a group in a runtime. Returns the rules that they broke, as text. */
export async function makeGroup(runtime, server, calls) {
  const together = calls.map((call) => asked(call, server));
  try {
    const patience = Math.max(...calls.map(({ timeout }) => timeout)) + PATIENCE;
    const results = await runtime.call({ together }, { signal: AbortSignal.timeout(patience) });
    return calls.flatMap((call, i) => brokenByCall(call, results[i]));
  } catch (error) {
    return [`the runtime returned no result: ${error}`];
  }
}

function asked(call, server) {
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
export const describeGroup = (calls) => calls.map(describeCall).join("; beside it ");

function describeCall({ operation, timeout, maxRetries, abortAfter, arrived, effects }) {
  const options = JSON.stringify({ timeout, maxRetries, abortAfter });
  const answers = arrived.map(({ label }) => `[${label}]`).join(" ");
  return `${operation} ${options}, answered with ${answers || "nothing"}; took effect ${effects} times`;
}
