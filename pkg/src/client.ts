// The class of the package. It adds to the class of the wasm what only JavaScript can do.

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
      // A copy would use this memory after free(), when it may belong to another client.
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
 * Makes a call. It is async, so that nothing is thrown at once, and the stack of an error has the
 * line of the caller. `client` is undefined where a method is called without a receiver.
 */
async function call<T>(client: { __wbg_ptr?: number } | undefined, start: () => Promise<T>) {
  // Where the stack is nearly full, the call starts in the next microtask.
  if (!hasRoom()) await undefined;
  if (!client?.__wbg_ptr)
    throw invalidArgument("client", "a SignInTokens on which free() was not called");
  try {
    return await start();
  } catch (error) {
    throw fromHere(error, call);
  }
}
