// The entry for Cloudflare Workers, which compile no wasm from bytes: the bundler ships it as a
// compiled module.
import module from "./wasm/clerk_sign_in_tokens_bg.wasm?module";
import { load } from "./load.ts";

load(module);

export { SignInTokens } from "./client.ts";
export { SignInTokensError } from "./error.js";
