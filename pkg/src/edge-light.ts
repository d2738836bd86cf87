// The entry for Vercel's edge runtime, which compiles no wasm from bytes: `?module` imports it
// compiled.
import module from "./wasm/clerk_sign_in_tokens_bg.wasm?module";
import { load } from "./load.ts";

load(module);

export { SignInTokens } from "./client.ts";
export { SignInTokensError } from "./error.js";
