// Traces of the pacer: a line says what it is made with, and each further line one moment: its
// time, what happens then, and what comes out of it until the pacer waits or ends.
//
//   create 1000 20 10 0                        method, limit, concurrency, retries and time
//   0 inputs 2 > pull send 0 pull send 1 pull wait Infinity
//   25 0 token, taken 1 > done 0 wait Infinity
//   30 1 rate_limited none 1 2 0.5 > again rate_limit 2030 wait 2000
//
// A failure has its code, outcome, attempts and Retry-After, and a random number for the back-off.
// src/bulk/tests/traces.rs replays them on the pacer in Rust.
import { installed } from "./app.ts";

const { Pacer } = await installed("bulk/pacer.js");

type Pacer = InstanceType<typeof Pacer>;
type Item = ReturnType<Pacer["pulled"]>;
type Failure = NonNullable<Parameters<Pacer["ended"]>[1]>;
type Settings = ConstructorParameters<typeof Pacer>[0];
type Method = "next" | "pulled" | "exhausted" | "taken" | "setLimit" | "stop" | "ended";

/** Writes a line for each moment of this process's pacer. Its methods are replaced for good. */
export function record(write: (line: string) => void) {
  let events: string[] = [];
  let results: (string | number)[] = [];
  const count = (event: string) => {
    const [last, number] = events.at(-1)?.split(" ") ?? [];
    if (last === event) events.pop();
    events.push(`${event} ${last === event ? Number(number) + 1 : 1}`);
  };
  after("pulled", () => count("inputs"));
  after("taken", () => count("taken"));
  after("exhausted", () => events.push("exhausted"));
  after("setLimit", (_, __, limit) => events.push(`limit ${limit}`));
  after("stop", (_, items) => {
    events.push("stop");
    results.push("stopped", ...items.map(({ index }) => index));
  });
  after("ended", ({ pause }, isRetried, item, failure, _, random) => {
    const { code = "token", outcome, attempts, retryAfter = "-" } = failure ?? {};
    const rest = failure ? [outcome, attempts, retryAfter, random] : [];
    events.push([item.index, code, ...rest].join(" "));
    results.push(...(isRetried ? ["again"] : [item.isUnknown ? "unknown" : "done", item.attempts]));
    if (pause) results.push(pause.reason, pause.until);
  });
  after("next", (_, step, now) => {
    results.push(step.do);
    if (step.do === "send") results.push(step.item.index);
    if (step.do === "wait") results.push(step.ms);
    if (step.do !== "wait" && step.do !== "end") return;
    write(`${[now, events.join(", ")].join(" ").trim()} > ${results.join(" ")}`);
    [events, results] = [[], []];
  });
}

/** Makes `noted` be called after a method of all pacers. */
function after<M extends Method>(
  method: M,
  noted: (pacer: Pacer, returned: ReturnType<Pacer[M]>, ...args: Parameters<Pacer[M]>) => void,
) {
  const original = Pacer.prototype[method] as (...args: Parameters<Pacer[M]>) => never;
  const replaced = function (this: Pacer, ...args: Parameters<Pacer[M]>) {
    const returned = original.apply(this, args);
    noted(this, returned, ...args);
    return returned;
  };
  Object.assign(Pacer.prototype, { [method]: replaced });
}

/** Returns the first line of a trace. */
export const firstLine = (
  { limit, concurrency, maxRetries, isIdempotent }: Settings,
  now: number,
) => [isIdempotent ? "revoke" : "create", limit, concurrency, maxRetries, now].join(" ");

/** Makes what happens in a trace happen to a new pacer. */
export function replay([first, ...moments]: string[]) {
  const [method, ...numbers] = first.split(" ");
  const [limit, concurrency, maxRetries, start] = numbers.map(Number);
  const isIdempotent = method === "revoke";
  const pacer = new Pacer({ limit, concurrency, maxRetries, isIdempotent }, start);
  const items: Item[] = [];
  let inputs = 0;
  let isPulling = false;
  let isExhausted = false;
  const pull = () => {
    isPulling = inputs === 0 && !isExhausted;
    if (inputs > 0) items.push(pacer.pulled());
    else if (isExhausted) pacer.exhausted();
    inputs = Math.max(0, inputs - 1);
  };
  for (const moment of moments) {
    const [time, events] = moment.split(" > ")[0].split(/ (.*)/);
    const now = Number(time);
    for (const event of events?.split(", ") ?? []) {
      const [what, ...words] = event.split(" ");
      const number = Number(words[0]);
      if (what === "inputs") inputs += number;
      else if (what === "exhausted") isExhausted = true;
      else if (what === "taken") for (let n = 0; n < number; n++) pacer.taken();
      else if (what === "limit") pacer.setLimit(number);
      else if (what === "stop") pacer.stop();
      else pacer.ended(items[Number(what)], failureOf(words), now, Number(words[4]));
      if (isPulling) pull();
    }
    for (let step; (step = pacer.next(now)).do !== "wait" && step.do !== "end";)
      if (step.do === "pull") pull();
  }
}

function failureOf([code, outcome, attempts, retryAfter]: string[]) {
  if (code === "token") return undefined;
  const failure = { code, outcome, attempts: Number(attempts) } as Failure;
  return retryAfter === "-" ? failure : { ...failure, retryAfter: Number(retryAfter) };
}
