// Creates the random single calls of a seed, and checks them in a runtime.
import { Random } from "../support/random.js";
import { randomAnswer } from "./answers.js";
import { brokenByCall } from "./rules.js";

/** A call that has not ended this many milliseconds after its deadline counts as hanging. */
const PATIENCE = 20_000;

/**
 * Creates the `n`th call of a seed: the call of the package, and the answers to its requests in
 * order.
 */
export function randomCall(seed, n, { elsewhere }) {
  const random = new Random(seed, n);
  const isSlow = random.chance(0.4);
  const call = {
    operation: random.weighted([
      [3, "create"],
      [1, "revoke"],
    ]),
    key: `sk_test_fuzz${seed}`,
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

/** Makes one call in a runtime. Returns the rules that it broke, as text. */
export async function makeCall(runtime, server, call) {
  const { operation, key, timeout, maxRetries, abortAfter, token } = call;
  const name = operation === "create" ? token.userId : token.id;
  server.calls.set(name, call);
  const asked = {
    client: { secretKey: key, apiUrl: server.url },
    operation,
    argument: operation === "create" ? { userId: name, orgId: null } : name,
    options: { timeout, maxRetries },
    abortAfter,
    inspect: true,
    watch: true,
  };
  try {
    const signal = AbortSignal.timeout(timeout + PATIENCE);
    return brokenByCall(call, await runtime.call(asked, { signal }));
  } catch (error) {
    return [`the runtime returned no result: ${error}`];
  }
}

/** Describes a call in one line. */
export function describeCall({ operation, timeout, maxRetries, abortAfter, arrived, effects }) {
  const options = JSON.stringify({ timeout, maxRetries, abortAfter });
  const answers = arrived.map(({ label }) => `[${label}]`).join(" ");
  return `${operation} ${options}, answered with ${answers || "nothing"}; took effect ${effects} times`;
}
