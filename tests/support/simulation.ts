// Makes a bulk run against a simulated API in simulated time: a million users take three simulated
// hours, and a few real seconds. As a program, takes the run's options as JSON, and prints the
// result as JSON.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { openSync, writeSync } from "node:fs";

import type { ManyResult } from "clerk-sign-in-tokens/bulk";

import { installed } from "./app.ts";
import { Clock } from "./clock.ts";
import { randomNumbers } from "./random.ts";
import { firstLine, record } from "./trace.ts";

const { SignInTokensError } = await installed();
const { BulkRun } = await installed("bulk/run.js");
const { fakeToken } = await installed("testing.js");

const WINDOW = 10_000;
const TOKEN = fakeToken();
const UNKNOWN = { message: "", attempts: 1, outcome: "unknown" } as const;

type Faults = typeof NO_FAULTS;

export interface Options extends Partial<Faults> {
  users: number;
  concurrency?: number;
  seed?: number;
  /** The rate limit that the run is told. */
  known?: number;
  /** The file for the trace of the pacer. */
  trace?: string;
}

/** An API that counts requests in a sliding window, has storms of 429s, loses answers and fails. */
class Api {
  #clock: Clock;
  #random: () => number;
  #faults: Faults;
  #admitted: number[] = [];
  #stormUntil = 0;
  #nextStorm: number;
  made = new Map<number, number>();
  requests = 0;
  refused = 0;
  stormy = 0;

  constructor(clock: Clock, random: () => number, faults: Faults) {
    this.#clock = clock;
    this.#random = random;
    this.#faults = faults;
    this.#nextStorm = this.#storm();
  }

  /**
   * Returns when the next storm starts. Storms last 1 to 5 seconds, and take up the given share of
   * the time.
   */
  #storm() {
    const { storms } = this.#faults;
    return storms > 0
      ? this.#stormUntil + (3000 / storms) * (1 - storms) * (0.5 + this.#random())
      : Infinity;
  }

  create = async (userId: number) => {
    this.requests++;
    await this.#clock.sleep(20 + 60 * this.#random());
    const now = this.#clock.now();
    while (now >= this.#nextStorm) {
      const length = 1000 + 4000 * this.#random();
      this.#stormUntil = this.#nextStorm + length;
      this.stormy += length;
      this.#nextStorm = this.#storm();
    }
    const wait = this.#refusal(now);
    if (wait !== undefined) {
      this.refused++;
      throw new SignInTokensError({
        code: "rate_limited",
        message: "",
        attempts: 1,
        retryAfter: Math.ceil(wait / 1000),
      });
    }
    const { lost, failing } = this.#faults;
    const fate = this.#random();
    if (fate >= failing / 2) this.made.set(userId, (this.made.get(userId) ?? 0) + 1);
    // A realistic tail: one request in a hundred takes ten times as long.
    await this.#clock.sleep((20 + 80 * this.#random()) * (this.#random() < 0.01 ? 10 : 1));
    if (fate < failing) throw new SignInTokensError({ ...UNKNOWN, code: "server_error" });
    if (fate < failing + lost) throw new SignInTokensError({ ...UNKNOWN, code: "network" });
    return { ...TOKEN, userId: String(userId) };
  };

  /**
   * Returns how long a refused request must wait; `undefined` for an accepted one. Refused requests
   * do not count against the limit.
   */
  #refusal(now: number) {
    if (now < this.#stormUntil) return this.#stormUntil - now;
    while (this.#admitted[0] <= now - WINDOW) this.#admitted.shift();
    if (this.#admitted.length >= this.#faults.limit) return this.#admitted[0] + WINDOW - now;
    this.#admitted.push(now);
    return undefined;
  }
}

/** The API accepts `limit` requests in 10 seconds. */
const NO_FAULTS = { limit: 1000, storms: 0, lost: 0, failing: 0 };

export const FAULTS = { storms: 0.05, lost: 0.01, failing: 0.01 };

export type Statistics = Awaited<ReturnType<typeof makeRun>>;

/**
 * Makes the run, and checks that it creates no token twice, loses no result, stays close to the
 * limit and wastes few requests. Returns its statistics. It has a process of its own: the test
 * runner tracks every promise, which takes ten times as long.
 */
export function simulate(options: Options) {
  const args = [import.meta.filename, JSON.stringify(options)];
  const result: Statistics = JSON.parse(execFileSync("node", args, { encoding: "utf8" }));
  assert.ok(result.reportedOnce, "every input is reported exactly once");
  assert.deepEqual([result.twice, result.wrong, result.refused], [0, 0, 0]);
  assert.equal(result.created + result.unknown, options.users);
  assert.ok(result.wasted < 0.01, `${result.wasted} of the requests were wasted on 429`);
  // If others use a part of the limit, the run must find its own part again and again.
  const least = options.known ? 0.9 : 0.95;
  assert.ok(result.throughput > least, `${result.throughput} of the ceiling`);
  return result;
}

async function makeRun({ users, concurrency = 20, seed = 1, trace, ...given }: Options) {
  const { limit, known = limit, ...faults } = { ...NO_FAULTS, ...given };
  const clock = new Clock();
  const api = new Api(clock, randomNumbers(seed), { limit, ...faults });
  function* inputs() {
    for (let user = 0; user < users; user++) yield user;
  }
  const settings = { concurrency, maxRetries: 10, isIdempotent: false };
  const endTrace = trace && beginTrace(trace, firstLine({ ...settings, limit: known }, 0));
  const options = { ...settings, clock, send: api.create, limit: () => known };
  const run = new BulkRun(inputs(), options);
  const counted = await clock.runUntil(countResults(run, api, users));
  if (endTrace) endTrace();
  const seconds = clock.now() / 1000;
  const ceiling = (limit / 10) * (seconds - api.stormy / 1000);
  return {
    ...counted,
    seconds,
    stormy: api.stormy / 1000,
    requests: api.requests,
    twice: [...api.made.values()].filter((times) => times > 1).length,
    throughput: (api.requests - api.refused) / ceiling,
    wasted: api.refused / api.requests,
  };
}

/** Writes the trace of the run into a file. Returns what writes the rest of it. */
function beginTrace(path: string, first: string) {
  const file = openSync(path, "w");
  let lines = [first];
  const flush = () => {
    writeSync(file, `${lines.join("\n")}\n`);
    lines = [];
  };
  record((line) => {
    if (lines.push(line) === 10_000) flush();
  });
  return flush;
}

/** Counts the results of a run by kind, and those that contradict what the API did. */
async function countResults(run: AsyncIterable<ManyResult<number>>, api: Api, users: number) {
  const reported = new Uint8Array(users);
  const count = { created: 0, unknown: 0, refused: 0, wrong: 0 };
  for await (const { input, token, error } of run) {
    reported[input]++;
    const made = api.made.get(input) ?? 0;
    if (token) count.created++;
    else if (error?.outcome === "unknown") count.unknown++;
    else count.refused++;
    const isWrong = token
      ? made !== 1 || token.userId !== String(input)
      : error?.outcome === "none" && made > 0;
    if (isWrong) count.wrong++;
  }
  return { ...count, reportedOnce: reported.every((times) => times === 1) };
}

if (import.meta.main) console.log(JSON.stringify(await makeRun(JSON.parse(process.argv[2]))));
