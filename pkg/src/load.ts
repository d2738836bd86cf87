// Loads the wasm once, even if a realm imports several entries.
import { __wbg_set_wasm, imports } from "./wasm/clerk_sign_in_tokens_bg.js";

let isLoaded = false;

/** Instantiates the module. Each entry calls this with the module that its runtime can import. */
export function load(module: WebAssembly.Module) {
  if (isLoaded) return;
  const { exports } = new WebAssembly.Instance(module, {
    "./clerk_sign_in_tokens_bg.js": imports,
  });
  __wbg_set_wasm(exports);
  exports.__wbindgen_start();
  isLoaded = true;
}
