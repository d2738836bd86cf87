// A run that is interrupted and killed many times: each user is recorded as created once, or as
// unknown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import {
  FAST,
  lastRecords,
  recordsOf,
  RUNTIMES,
  useCommand,
  usersList,
} from "../support/command.ts";
import { randomNumbers } from "../support/random.ts";

const cli = useCommand();
const USERS = 600;

type Signal = "SIGKILL" | "SIGINT" | "SIGTERM";
const SIGNALS: Signal[][] = [["SIGKILL"], ["SIGINT"], ["SIGKILL", "SIGINT", "SIGTERM"]];

/** Starts the command 12 times, and ends it at a random moment by one of the `signals` in turn. */
async function interrupt(args: string[], runtime: string[], signals: Signal[], next: () => number) {
  for (let n = 0; n < 12; n++) {
    // Some answers are slow, some are lost.
    await cli.control.fault({ operation: "create", delay: 30, times: 5 });
    await cli.control.fault({ operation: "create", drop: "answer", effect: next() < 0.5 });
    const program = cli.start(args, { runtime });
    await sleep(next() * 900);
    program.child.kill(signals[n % signals.length]);
    // A second one, sometimes, does not wait for the requests in flight.
    if (next() < 0.3) program.child.kill("SIGINT");
    await program.ended;
  }
  await cli.control.clearFaults();
}

/** Returns the users in each state, once what the results file says is what happened. */
async function checkResults(output: string, said: string) {
  const tokens = await cli.control.tokens();
  const users = lastRecords(output);
  assert.equal(users.size, USERS, said);
  const created = [...users.values()].filter(({ state }) => state === "created");
  const unknown = [...users.values()].filter(({ state }) => state === "unknown");
  assert.equal(created.length + unknown.length, USERS);
  assert.equal(new Set(tokens.map(({ user_id }) => user_id)).size, tokens.length, "nobody has two");
  const known = new Set(created.map(({ token_id }) => token_id));
  const mayExist = new Set(unknown.map(({ user_id }) => user_id));
  for (const { id, user_id } of tokens) assert.ok(known.has(id) || mayExist.has(user_id), user_id);
  assert.ok(created.every(({ token_id }) => tokens.some(({ id }) => id === token_id)));
  const requests = await cli.control.requests();
  const asked = requests.map(({ body }) => JSON.parse(String(body)).user_id);
  assert.equal(new Set(asked).size, asked.length, "nobody was asked for twice");
  for (const { user_id, state } of recordsOf(output)) assert.ok(user_id && state);
  return { created, unknown };
}

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  for (const signals of SIGNALS) {
    test(`${signals.join(", ")} at any moment, in ${name}`, { timeout: 180_000 }, async () => {
      const list = cli.file("users.csv", usersList(USERS));
      const output = cli.file("results.ndjson");
      const next = randomNumbers(name.length * 100 + signals.length);
      const args = ["bulk", list, "-o", output];
      const slowly = [...args, "--rate-limit", "2500"];
      await interrupt(slowly, runtime, signals, next);
      const { code, stderr } = await cli.run([...args, ...FAST], { runtime });

      const { created, unknown } = await checkResults(output, stderr);
      assert.equal(code, unknown.length > 0 ? 1 : 0);
      assert.match(stderr, new RegExp(`${created.length} created .* ${unknown.length} unknown`));
    });
  }
}
