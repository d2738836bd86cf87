// The entry for Node, Deno, Bun, browsers and bundlers: the wasm is part of the JavaScript, so no runtime has to find,
// read or fetch a file, and loading is synchronous.
import module from "./wasm/inline.js";
import { load } from "./lib/core.js";

load(module);

export { SignInTokens } from "./lib/client.js";
export { SignInTokensError } from "./lib/error.js";
