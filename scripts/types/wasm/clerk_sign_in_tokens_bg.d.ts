// The part of wasm-bindgen's glue that the package's sources use. The glue has no types.
import { SignInTokens as PublicSignInTokens } from "clerk-sign-in-tokens";

export { SignInTokensError } from "clerk-sign-in-tokens";

export class SignInTokens extends PublicSignInTokens {
  /** The address of the client in the wasm's memory; 0 after free(). */
  readonly __wbg_ptr: number;
}

/** What the wasm imports. */
export const imports: WebAssembly.ModuleImports;

/** Tells the glue what the wasm exports. */
export function __wbg_set_wasm(
  exports: WebAssembly.Exports,
): asserts exports is WebAssembly.Exports & { __wbindgen_start(): void };
