// Loads the wasm once, even if a realm imports several entries.
import { SignInTokens, __wbg_set_wasm, imports } from "./wasm/clerk_sign_in_tokens_bg.js";
import { invalidArgument } from "./error.js";

let isLoaded = false;

/**
 * Instantiates the module. Each entry calls this with the module that its runtime can import.
 *
 * @param {WebAssembly.Module} module
 */
export function load(module) {
  if (isLoaded) return;
  const { exports } = new WebAssembly.Instance(module, {
    "./clerk_sign_in_tokens_bg.js": imports,
  });
  __wbg_set_wasm(exports);
  exports.__wbindgen_start();
  isLoaded = true;
}

// After free() a client holds no pointer, and wasm-bindgen would throw a bare Error.
const { free } = SignInTokens.prototype;
SignInTokens.prototype.free = function () {
  if (this.__wbg_ptr) free.call(this);
};
if (Symbol.dispose) SignInTokens.prototype[Symbol.dispose] = SignInTokens.prototype.free;

for (const name of /** @type {const} */ (["create", "revoke", "delete"])) {
  /** @type {(...args: never[]) => Promise<import("clerk-sign-in-tokens").SignInToken>} */
  const method = SignInTokens.prototype[name];
  SignInTokens.prototype[name] = function (/** @type {never[]} */ ...args) {
    // A method that is called without its client has none.
    if (this?.__wbg_ptr) return method.apply(this, args);
    return Promise.reject(
      invalidArgument("client", "a SignInTokens on which free() was not called"),
    );
  };
}
