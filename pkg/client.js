// The class of the package: that of the wasm, and what only JavaScript can do for it.
import { fromHere, invalidArgument } from "./error.js";
import { hasRoom, own, takeRoom } from "./platform.js";
import { SignInTokens as Wasm } from "./wasm/clerk_sign_in_tokens_bg.js";

/** @typedef {import("clerk-sign-in-tokens").SignInTokens} Client */

export class SignInTokens extends Wasm {
  // Minifiers rename the class itself.
  static name = "SignInTokens";

  /** @param {import("clerk-sign-in-tokens").SignInTokensOptions} options */
  constructor(options) {
    try {
      takeRoom();
      super(options);
      // A copy would use the memory of this client after its end, which may be another's by then.
      Object.defineProperty(this, "__wbg_ptr", own({ enumerable: false }));
    } catch (error) {
      throw fromHere(error, SignInTokens);
    }
  }

  /** @type {Client["create"]} */
  create(...args) {
    return call(this, () => super.create(...args));
  }

  /** @type {Client["revoke"]} */
  revoke(...args) {
    return call(this, () => super.revoke(...args));
  }

  /** @type {Client["delete"]} */
  delete(...args) {
    return call(this, () => super.delete(...args));
  }

  get instanceType() {
    // The wasm has numbers for them.
    const number = /** @type {any} */ (this.__wbg_ptr && super.instanceType);
    return /** @type {const} */ ([undefined, "development", "production"])[number];
  }

  /** wasm-bindgen would throw a bare Error for a client that holds no pointer any more. */
  free() {
    if (this.__wbg_ptr) super.free();
  }

  [Symbol.dispose ?? Symbol()]() {
    this.free();
  }
}

/**
 * An async function, so that nothing is thrown at once and the stack of an error has the caller's
 * line.
 *
 * @template T
 * @param {{ __wbg_ptr?: number } | undefined} client is none where a method is called without its
 *   client
 * @param {() => Promise<T>} start
 */
async function call(client, start) {
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
