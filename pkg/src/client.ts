// The class of the package: that of the wasm, and what only JavaScript can do for it.

import type { SignInTokens as Client, SignInTokensOptions } from "clerk-sign-in-tokens";

import { fromHere, invalidArgument } from "./error.js";
import { hasRoom, own, takeRoom } from "./platform.js";
import { SignInTokens as Wasm } from "./wasm/clerk_sign_in_tokens_bg.js";

export class SignInTokens extends Wasm {
  // Minifiers rename the class itself.
  static name = "SignInTokens";

  constructor(options: SignInTokensOptions) {
    try {
      takeRoom();
      super(options);
      // A copy would use the memory of this client after its end, which may be another's by then.
      Object.defineProperty(this, "__wbg_ptr", own({ enumerable: false }));
    } catch (error) {
      throw fromHere(error, SignInTokens);
    }
  }

  create(...args: Parameters<Client["create"]>) {
    return call(this, () => super.create(...args));
  }

  revoke(...args: Parameters<Client["revoke"]>) {
    return call(this, () => super.revoke(...args));
  }

  delete(...args: Parameters<Client["delete"]>) {
    return call(this, () => super.delete(...args));
  }

  get instanceType() {
    // The wasm has numbers for them.
    const number = (this.__wbg_ptr && super.instanceType) as number;
    return ([undefined, "development", "production"] as const)[number];
  }

  /** wasm-bindgen would throw a bare Error for a client that is freed already. */
  free() {
    if (this.__wbg_ptr) super.free();
  }

  [Symbol.dispose ?? Symbol()]() {
    this.free();
  }
}

/**
 * Makes a call. It is async, so that nothing is thrown at once and the stack of an error has the
 * line of the caller. `client` is none where a method is called without its client.
 */
async function call<T>(client: { __wbg_ptr?: number } | undefined, start: () => Promise<T>) {
  // It starts later where the stack ends soon.
  if (!hasRoom()) await undefined;
  if (!client?.__wbg_ptr)
    throw invalidArgument("client", "a SignInTokens on which free() was not called");
  try {
    return await start();
  } catch (error) {
    throw fromHere(error, call);
  }
}
