// Provides the installed class with an emulator, for tests of single calls in Node.
import { after, before, beforeEach } from "node:test";

import type { SignInTokensOptions } from "clerk-sign-in-tokens";

import type { Control } from "../../emulator/control.ts";
import { SECRET_KEY, startEmulator } from "../../emulator/server.ts";
import { installed } from "./app.ts";

const { SignInTokens } = await installed();

export type Emulator = Awaited<ReturnType<typeof startEmulator>>;

/** What the tests of a file share. */
class Shared {
  emulator!: Emulator;
  control!: Control;
  /** A client of the emulator, another one for each test. */
  tokens!: InstanceType<typeof SignInTokens>;

  /** Creates a client of the emulator with these options. */
  client(options: Partial<SignInTokensOptions> = {}) {
    return new SignInTokens({ secretKey: SECRET_KEY, apiUrl: this.emulator.url, ...options });
  }
}

/** Returns what the tests of a file share. Call it once, at the top. */
export function useClient() {
  const shared = new Shared();
  before(async () => {
    shared.emulator = await startEmulator({ rateLimit: 0 });
    shared.control = shared.emulator.control;
  });
  beforeEach(async () => {
    await shared.control.reset();
    shared.tokens = shared.client();
  });
  after(() => shared.emulator.close());
  return shared;
}

/** A fetch or secretKey function that never settles. */
export const never = () => new Promise<never>(() => {});
