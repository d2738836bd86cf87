// Traces of the pacer: a line for each call, with its time and its random number, and what it
// returned. src/bulk/tests/traces.rs replays them on the pacer in Rust.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { app } from "./app.ts";

const path = join(app, "node_modules", "clerk-sign-in-tokens", "bulk", "pacer.js");
const { Pacer } = (await import(
  pathToFileURL(path).href
)) as typeof import("../../pkg/bulk/pacer.js");

export type Pacer = InstanceType<typeof Pacer>;
export type Item = ReturnType<Pacer["pulled"]>;
export type Failure = NonNullable<Parameters<Pacer["ended"]>[1]>;
export type Settings = ConstructorParameters<typeof Pacer>[0];

/** Writes the lines of all pacers of this process. Their methods are replaced for good. */
export function record(write: (line: string) => void) {
  const { prototype } = Pacer;
  const { next, pulled, exhausted, taken, setLimit, ended, stop } = prototype;
  prototype.next = function (now) {
    const step = next.call(this, now);
    const more =
      step.do === "send" ? ` ${step.item.index}` : step.do === "wait" ? ` ${step.ms}` : "";
    write(`next ${now} > ${step.do}${more}`);
    return step;
  };
  prototype.pulled = function () {
    write("pulled");
    return pulled.call(this);
  };
  prototype.exhausted = function () {
    write("exhausted");
    exhausted.call(this);
  };
  prototype.taken = function () {
    write("taken");
    taken.call(this);
  };
  prototype.setLimit = function (limit) {
    write(`limit ${limit}`);
    setLimit.call(this, limit);
  };
  prototype.stop = function () {
    const items = stop.call(this);
    write(`stop > ${items.map(({ index }) => index).join(" ")}`);
    return items;
  };
  prototype.ended = function (item, failure, now, random) {
    const isRetried = ended.call(this, item, failure, now, random);
    const { pause } = this;
    write(
      [
        ...["ended", item.index, now, random, ...wordsOf(failure), ">"],
        ...(isRetried ? ["again"] : [item.isUnknown ? "unknown" : "done", item.attempts]),
        ...(pause ? [pause.reason, pause.until] : ["sending"]),
      ].join(" "),
    );
    return isRetried;
  };
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
    else if (call === "limit") pacer.setLimit(number);
    else if (call === "stop") pacer.stop();
    else pacer.ended(items[number], failureOf(words.slice(3)), Number(words[1]), Number(words[2]));
  }
}

function wordsOf(failure: Failure | undefined) {
  if (!failure) return ["token"];
  const { code, outcome, attempts, retryAfter = "-" } = failure;
  return [code, outcome, attempts, retryAfter];
}

function failureOf([code, outcome, attempts, retryAfter]: string[]) {
  if (code === "token") return undefined;
  const failure = { code, outcome, attempts: Number(attempts) } as Failure;
  return retryAfter === "-" ? failure : { ...failure, retryAfter: Number(retryAfter) };
}
