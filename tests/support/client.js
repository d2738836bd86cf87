// Provides the installed class with an emulator, for tests of single calls in Node.
import { after, before, beforeEach } from "node:test";

import { Control } from "../../emulator/control-client.ts";
import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { installed } from "./app.js";

const { SignInTokens } = await installed();

/** Returns what the tests of a file share. Call it once, at the top. */
export function useClient() {
  const shared = {
    /** Creates a client of the emulator with these options. */
    client: (options) =>
      new SignInTokens({ secretKey: SECRET_KEY, apiUrl: shared.emulator.url, ...options }),
  };
  before(async () => {
    shared.emulator = await startEmulator({ rateLimit: 0 });
    shared.control = new Control(shared.emulator.url);
  });
  beforeEach(async () => {
    await shared.control.reset();
    shared.tokens = shared.client();
  });
  after(() => shared.emulator.close());
  return shared;
}

/** A fetch or secretKey function that never settles. */
export const never = () => new Promise(() => {});
