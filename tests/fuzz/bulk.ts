// Creates the random bulk runs of a seed, and checks them in a runtime.
import { Random } from "../support/random.ts";
import type { Runtime } from "../support/runtimes.ts";
import { plain, type Answer, type Scripted } from "../support/scripted.ts";
import { tokenOf } from "./bodies.ts";
import { brokenByOutcome, type PlannedCall, type Result } from "./rules.ts";

/** The timeout of a run, in milliseconds. No plan takes half as long. */
const PATIENCE = 60_000;

type Plan = ReturnType<typeof randomPlan>;

interface BulkRun {
  calls: PlannedCall[];
  plan: Plan;
}

/** What the agent returns for a run. */
interface Observed {
  endings: string[];
  results: (Result & { index: number; argument: unknown })[];
  pulled: number;
}

/** Creates the `n`th bulk run of a seed: the agent's plan, and the call for each input. */
export function randomBulkRun(seed: number, n: number): BulkRun {
  const random = new Random(seed, -1 - n);
  const operation = random.pick(["create", "create", "revoke"] as const);
  const count = random.int(0, 40);
  const storm = { at: random.int(0, 40), length: random.chance(0.5) ? random.int(1, 15) : 0 };
  // This many failures in a row are an outage, which pauses a run for seconds.
  const outage = random.chance(0.05) ? 11 : 0;
  const maxRetries = outage > 0 ? 0 : random.int(0, 5);
  const calls = Array.from({ length: count }, (_, index) => {
    const id = `${seed}_${n}_${index}`;
    const token = { id: `sit_b${id}`, userId: `user_b${id}`, ticket: `ticket_b${id}` };
    const key = `sk_test_fuzz${seed}_b${n}`;
    const call = { operation, maxRetries, key, token, arrived: [], effects: 0 };
    const answers = answersOf(random, call, {
      storms: index >= storm.at && index < storm.at + storm.length ? random.int(1, 3) : 0,
      isOut: index < outage,
    });
    return { ...call, answers };
  });
  return { calls, plan: randomPlan(random, operation, calls, maxRetries) };
}

function randomPlan(
  random: Random,
  operation: PlannedCall["operation"],
  calls: PlannedCall[],
  maxRetries: number,
) {
  const count = calls.length;
  const isStuck = random.chance(0.15);
  const source = random.pick(
    isStuck ? ["generator", "iterator"] : ["array", "generator", "iterator"],
  );
  const isStopped = isStuck || random.chance(0.2);
  const consumer = random.pick(["all", "slow", "break", "throw", "concurrent", "twice"]);
  const inputs = calls.map(({ token }) => ({
    argument: operation === "create" ? { userId: token.userId } : token.id,
    delay: random.chance(0.2) ? random.int(1, 20) : 0,
  }));
  return {
    operation,
    inputs,
    source,
    breaksAt: source !== "array" && random.chance(0.15) ? random.int(0, count) : undefined,
    stuckAt: isStuck ? random.int(0, count) : undefined,
    follows: source !== "array" && random.chance(0.3),
    consumer,
    pace: random.int(1, 10),
    after: random.int(1, 10),
    abortAfter: isStopped ? random.int(0, 300) : undefined,
    options: { concurrency: random.int(1, 20), maxRetries, rateLimit: 100_000, timeout: 5000 },
  };
}

/** Creates the API's answers to a call: first the storm's 429s, then the final answer. */
function answersOf(
  random: Random,
  call: Pick<PlannedCall, "operation" | "token">,
  { storms, isOut }: { storms: number; isOut: boolean },
) {
  const refusals = Array.from({ length: storms }, () =>
    plainly(random, 429, refusal(), random.chance(0.97) ? 0 : undefined),
  );
  const isLost = isOut || random.chance(0.05);
  const last = random.weighted([
    [isLost ? 0 : 12, () => plainly(random, 200, token(call), undefined, true)],
    [isLost ? 0 : 1, () => plainly(random, 404, refusal())],
    [
      isLost ? 0 : 1,
      () => plainly(random, 502, "<h1>Bad gateway</h1>", undefined, random.chance(0.5)),
    ],
    [isLost ? 1 : 0, () => lost(random.chance(0.5))],
  ])();
  // The retry of a revoke succeeds: a run in which every request fails would take minutes.
  return [...refusals, last, plainly(random, 200, token(call), undefined, true)];
}

const refusal = () =>
  JSON.stringify({ errors: [{ code: "some_code", message: "m", long_message: "l" }] });
const token = ({ token, operation }: Pick<PlannedCall, "operation" | "token">) =>
  JSON.stringify(tokenOf(token, operation === "create" ? "pending" : "revoked"));

function plainly(
  random: Random,
  status: number,
  body: string,
  retryAfter?: number,
  effect = false,
): Answer {
  const headers = retryAfter === undefined ? [] : [`retry-after: ${retryAfter}`];
  const bytes = plain(status, body, headers);
  const label = `${status}${effect ? ", effect" : ""}`;
  const facts = { isWhole: true, isToken: status === 200, isErrors: status === 404 };
  return {
    label,
    status,
    effect,
    ...facts,
    pieces: [{ bytes, wait: random.int(0, 10) }],
    end: "keep",
  };
}

const lost = (effect: boolean): Answer => ({
  label: "lost",
  status: 0,
  effect,
  pieces: [],
  end: "reset",
});

/** Makes one run in a runtime. Returns the rules that it broke, as text. */
export async function makeBulkRun(runtime: Runtime, server: Scripted, { calls, plan }: BulkRun) {
  for (const call of calls) {
    const { id, userId } = call.token;
    server.calls.set(plan.operation === "create" ? userId : id, call);
  }
  const client = { fromContext: true, apiUrl: server.url };
  const key = calls[0]?.key;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    return brokenByRun(
      { calls, plan },
      await runtime.call({ client, key, bulk: plan }, { signal }),
    );
  } catch (error) {
    return [`the run did not end: ${error}`];
  }
}

function brokenByRun({ calls, plan }: BulkRun, { endings, results, pulled }: Observed) {
  const broken: string[] = [];
  const seen = new Set<number>();
  for (const { index, argument, token, error } of results) {
    const call = calls[index];
    if (seen.has(index)) broken.push(`input ${index} was reported twice`);
    seen.add(index);
    if (JSON.stringify(argument) !== JSON.stringify(plan.inputs[index]?.argument))
      broken.push(`input ${index} was reported with another argument`);
    for (const rule of brokenByOutcome(call, { token, error }))
      broken.push(
        `input ${index}: ${rule}, answered with ${call.arrived.map(({ label }) => label)}`,
      );
  }
  calls.forEach(({ arrived }, index) => {
    if (arrived.length > 0 && !seen.has(index))
      broken.push(`input ${index} was sent, but not reported`);
  });
  return [...broken, ...brokenByEnding(plan, endings, seen.size, pulled)];
}

function brokenByEnding(plan: Plan, endings: string[], reported: number, pulled: number) {
  const isAborted = endings.includes("changed my mind");
  const isBroken = endings.includes("the inputs failed");
  const isBrokenOff = endings.includes("stopped early");
  const known = ["done", "stopped early", "changed my mind", "the inputs failed"];
  const rules = {
    [`ended with ${endings}`]: !endings.every((ending) => known.includes(ending)),
    "aborted without an abort": isAborted && plan.abortAfter === undefined,
    "failed although the inputs did not": isBroken && plan.breaksAt === undefined,
    "failed more than once":
      endings.filter((ending) => !["done", "stopped early"].includes(ending)).length > 1,
    [`${pulled} inputs were pulled, ${reported} reported`]:
      !isAborted && !isBroken && !isBrokenOff && plan.source !== "array" && reported !== pulled,
    "ended before all inputs were reported":
      !isAborted && !isBroken && !isBrokenOff && reported < plan.inputs.length,
    "lost more than one input that was pulled": plan.source !== "array" && pulled - reported > 1,
  };
  return Object.keys(rules).filter((rule) => rules[rule]);
}

/** Describes a run in one line. */
export function describeBulkRun({ calls, plan: { inputs: _, ...plan } }: BulkRun) {
  const answers = calls.map(({ arrived }) => `[${arrived.map(({ label }) => label).join("; ")}]`);
  return `${JSON.stringify(plan)}, answered with ${answers.join(" ") || "nothing"}`;
}
