// Tests a long-lived isolate in workerd: many requests share one client, which is created when the
// module loads, and some requests are cancelled.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Control } from "../../emulator/control-client.ts";
import { startEmulator } from "../../emulator/server.ts";
import { SERVERS } from "../support/runtimes.ts";

let emulator, control, runtime;

before(async () => {
  emulator = await startEmulator({ rateLimit: 0 });
  control = new Control(emulator.url);
  runtime = await SERVERS.workerd();
});
after(async () => {
  await runtime.stop();
  await emulator.close();
});

const create = (userId, init) =>
  runtime.call(
    { client: { topLevel: emulator.url }, operation: "create", argument: { userId } },
    init,
  );

test("concurrent requests share the client", async () => {
  const users = Array.from({ length: 50 }, (_, n) => `user_${n}`);
  const results = await Promise.all(users.map((userId) => create(userId)));
  assert.deepEqual(
    results.map(({ token }) => token?.userId),
    users,
  );
});

test("a cancelled request does not affect the others", async () => {
  const users = Array.from({ length: 10 }, (_, n) => `user_${n}`);
  for (let round = 0; round < 3; round++) {
    await control.reset();
    // The API does not answer these creates. Their requests are cancelled once they have arrived.
    await control.fault({ times: 10, delay: 600_000, body: {} });
    const gone = new AbortController();
    const cancelled = users.map((userId) => create(userId, { signal: gone.signal }));
    await control.arrived(10);
    const others = users.map((userId) => create(userId));
    gone.abort();
    await Promise.all(cancelled.map((call) => assert.rejects(call, { name: "AbortError" })));
    assert.deepEqual(
      (await Promise.all(others)).map(({ token }) => token?.userId),
      users,
    );
  }
  const results = await Promise.all(users.map((userId) => create(userId)));
  assert.deepEqual(
    results.map(({ token }) => token?.userId),
    users,
  );
});
