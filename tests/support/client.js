// The installed class with an emulator behind it, for tests of single calls in Node.
import { after, before, beforeEach } from "node:test";

import { Control } from "../../emulator/client.js";
import { SECRET_KEY, startEmulator } from "../../emulator/server.js";
import { installed } from "./app.js";

const { SignInTokens } = await installed();

/** What the tests of a file share; called once at its top. */
export function useClient() {
  const shared = {
    /** A client with these options over those that reach the emulator. */
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

/** A fetch, or a key's look-up, that never settles. */
export const never = () => new Promise(() => {});
