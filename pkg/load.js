// Loads the wasm, once, whichever entries are imported in one realm.
import { SignInTokens, __wbg_set_wasm, imports } from "./wasm/clerk_sign_in_tokens_bg.js";
import { invalidArgument } from "./error.js";

let isLoaded = false;

/**
 * Called by each entry, which knows how its runtime gets at the module.
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

// A client whose free() was called holds no pointer. Left to itself, wasm-bindgen then throws a bare Error.
const { free } = SignInTokens.prototype;
SignInTokens.prototype.free = function () {
  if (this.__wbg_ptr) free.call(this);
};
if (Symbol.dispose) SignInTokens.prototype[Symbol.dispose] = SignInTokens.prototype.free;

for (const name of ["create", "revoke", "delete"]) {
  const method = SignInTokens.prototype[name];
  SignInTokens.prototype[name] = function (...args) {
    if (this.__wbg_ptr) return method.apply(this, args);
    const expected = "one that is still in use, but free() was called on it";
    return Promise.reject(invalidArgument("client", expected));
  };
}
