// The entry for Vercel's edge runtime, where wasm cannot be compiled from bytes: `?module` imports it compiled.
import module from "./wasm/clerk_sign_in_tokens_bg.wasm?module";
import { load } from "./lib/core.js";

load(module);

export { SignInTokens } from "./lib/client.js";
export { SignInTokensError } from "./lib/error.js";
