// A run that is interrupted and killed many times: each user is recorded as created once, or as
// unknown. A run that is stopped for longer than a request may take: nobody is unknown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { BULK, FAST, RUNTIMES, useCommand } from "../support/command.ts";
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
    const program = cli.run(args, { runtime });
    await sleep(next() * 900);
    program.child.kill(signals[n % signals.length]);
    // A second one, sometimes, does not wait for the requests in flight.
    if (next() < 0.3) program.child.kill("SIGINT");
    await program.ended;
  }
  await cli.control.clearFaults();
}

/** Returns the users in each state, once what the results file says is what happened. */
async function checkResults(said: string) {
  const tokens = await cli.control.tokens();
  const users = [...cli.users().values()];
  assert.equal(users.length, USERS, said);
  const created = users.filter(({ state }) => state === "created");
  const unknown = users.filter(({ state }) => state === "unknown");
  assert.equal(created.length + unknown.length, USERS);
  assert.equal(new Set(tokens.map(({ user_id }) => user_id)).size, tokens.length, "nobody has two");
  const known = new Set(created.map(({ token_id }) => token_id));
  const mayExist = new Set(unknown.map(({ user_id }) => user_id));
  for (const { id, user_id } of tokens) assert.ok(known.has(id) || mayExist.has(user_id), user_id);
  assert.ok(created.every(({ token_id }) => tokens.some(({ id }) => id === token_id)));
  const requests = await cli.control.requests();
  const asked = requests.map(({ body }) => JSON.parse(String(body)).user_id);
  assert.equal(new Set(asked).size, asked.length, "nobody was asked for twice");
  for (const { user_id, state } of cli.records()) assert.ok(user_id && state);
  return { created, unknown };
}

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  for (const signals of SIGNALS) {
    test(`${signals.join(", ")} at any moment, in ${name}`, { timeout: 180_000 }, async () => {
      cli.list(USERS);
      const next = randomNumbers(name.length * 100 + signals.length);
      const args = ["bulk", "users.csv", "-o", "results.ndjson"];
      await interrupt([...args, "--rate-limit", "2500"], runtime, signals, next);
      const last = cli.run([...args, ...FAST], { runtime });
      const code = await last.ended;

      const { created, unknown } = await checkResults(last.stderr);
      assert.equal(code, unknown.length > 0 ? 1 : 0);
      const said = new RegExp(`${created.length} created .* ${unknown.length} unknown`);
      assert.match(last.stderr, said);
    });
  }
}

test("nobody is unknown whose answer had come to a stopped process, in any runtime", async () => {
  await cli.control.fault({ operation: "create", delay: 600_000, times: 60 });
  cli.list(20);
  const programs = Object.entries(RUNTIMES).map(([name, runtime]) =>
    cli.run(BULK.with(3, `${name}.ndjson`), { runtime }),
  );
  await cli.control.arrived(60);
  // As by Ctrl-Z or a closed lid. The time-out of a request is 10 seconds.
  for (const { child } of programs) child.kill("SIGSTOP");
  await cli.control.release();
  await sleep(12_000);
  for (const { child } of programs) child.kill("SIGCONT");
  for (const program of programs) await program.ends(0);
  for (const name of Object.keys(RUNTIMES))
    assert.deepEqual(cli.states(cli.file(`${name}.ndjson`)), { created: 20 });
});
