// The entry for Node, Deno, Bun, browsers and bundlers. The wasm is part of the JavaScript: no
// runtime has to find, read or fetch a file, and loading is synchronous.
import module from "./wasm/inline.js";
import { load } from "./load.ts";

load(module);

export { SignInTokens } from "./client.ts";
export { SignInTokensError } from "./error.js";
