// Traces of the pacer: a line for each call, with its time and its random number, and what it
// returned. src/bulk/tests/traces.rs replays them on the pacer in Rust.
import { installed } from "./app.ts";

const { Pacer } = await installed("bulk/pacer.js");

export type Pacer = InstanceType<typeof Pacer>;
export type Item = ReturnType<Pacer["pulled"]>;
export type Failure = NonNullable<Parameters<Pacer["ended"]>[1]>;
export type Settings = ConstructorParameters<typeof Pacer>[0];

type Words = (string | number | undefined)[];
type Step = ReturnType<Pacer["next"]>;
type Method = "next" | "pulled" | "exhausted" | "taken" | "setLimit" | "stop" | "ended";
type WordsOf<Returned, Args extends unknown[]> = (
  pacer: Pacer,
  returned: Returned,
  ...args: Args
) => Words;

/** The words of a call's line after the name of the method. */
const WORDS: { [M in Method]: WordsOf<ReturnType<Pacer[M]>, Parameters<Pacer[M]>> } = {
  next: (_, step, now) => [now, ">", step.do, ...wordsOfStep(step)],
  pulled: () => [],
  exhausted: () => [],
  taken: () => [],
  setLimit: (_, __, limit) => [limit],
  stop: (_, items) => [">", ...items.map(({ index }) => index)],
  ended({ pause }, isRetried, item, failure, now, random) {
    const result = [item.isUnknown ? "unknown" : "done", item.attempts];
    return [
      ...[item.index, now, random, ...wordsOfFailure(failure), ">"],
      ...(isRetried ? ["again"] : result),
      ...(pause ? [pause.reason, pause.until] : ["sending"]),
    ];
  },
};

/** Writes the lines of all pacers of this process. Their methods are replaced for good. */
export function record(write: (line: string) => void) {
  const methods = Pacer.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const words = WORDS as unknown as Record<Method, WordsOf<unknown, unknown[]>>;
  for (const [name, wordsOf] of Object.entries(words)) {
    const original = methods[name];
    methods[name] = function (this: Pacer, ...args) {
      const returned = original.apply(this, args);
      write([name, ...wordsOf(this, returned, ...args)].join(" "));
      return returned;
    };
  }
}

/** Returns the first line of a trace: what the pacer was made with. */
export function firstLine({ limit, concurrency, maxRetries, isIdempotent }: Settings, now: number) {
  return [isIdempotent ? "revoke" : "create", limit, concurrency, maxRetries, now].join(" ");
}

/** Returns a pacer, and writes the first line of its trace. */
export function begin(settings: Settings, now: number, write: (line: string) => void) {
  write(firstLine(settings, now));
  return new Pacer(settings, now);
}

/** Makes the calls of a trace again. */
export function replay([first, ...lines]: string[], write: (line: string) => void) {
  const [method, ...numbers] = first.split(" ");
  const [limit, concurrency, maxRetries, now] = numbers.map(Number);
  const isIdempotent = method === "revoke";
  const pacer = begin({ limit, concurrency, maxRetries, isIdempotent }, now, write);
  const items: Item[] = [];
  for (const line of lines) {
    const [call, ...words] = line.split(" ");
    const number = Number(words[0]);
    if (call === "next") pacer.next(number);
    else if (call === "pulled") items.push(pacer.pulled());
    else if (call === "exhausted") pacer.exhausted();
    else if (call === "taken") pacer.taken();
    else if (call === "setLimit") pacer.setLimit(number);
    else if (call === "stop") pacer.stop();
    else pacer.ended(items[number], failureOf(words.slice(3)), Number(words[1]), Number(words[2]));
  }
}

function wordsOfStep(step: Step) {
  if (step.do === "send") return [step.item.index];
  return step.do === "wait" ? [step.ms] : [];
}

function wordsOfFailure(failure: Failure | undefined): Words {
  if (!failure) return ["token"];
  const { code, outcome, attempts, retryAfter = "-" } = failure;
  return [code, outcome, attempts, retryAfter];
}

function failureOf([code, outcome, attempts, retryAfter]: string[]) {
  if (code === "token") return undefined;
  const failure = { code, outcome, attempts: Number(attempts) } as Failure;
  return retryAfter === "-" ? failure : { ...failure, retryAfter: Number(retryAfter) };
}
