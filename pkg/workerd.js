// The entry for Cloudflare Workers, where wasm cannot be compiled from bytes: the bundler ships it as a compiled module.
import module from "./wasm/clerk_sign_in_tokens_bg.wasm";
import { load } from "./lib/core.js";

load(module);

export { SignInTokens } from "./lib/client.js";
export { SignInTokensError } from "./lib/error.js";
