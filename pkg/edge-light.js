// The entry for Vercel's edge runtime, which compiles no wasm from bytes: `?module` imports it
// compiled.
import module from "./wasm/clerk_sign_in_tokens_bg.wasm?module";
import { load } from "./load.js";

load(module);

export { SignInTokens } from "./client.js";
export { SignInTokensError } from "./error.js";
