// The Rust core: one instance of the wasm, asked and answering in JSON texts.
import * as glue from "../wasm/clerk_sign_in_tokens_bg.js";
import { internalError, SignInTokensError } from "./error.js";

/** @type {WebAssembly.Module} */
let module;
/** @type {WebAssembly.Exports} */
let exports;

/** Called once by the entry, which knows how its runtime gets at the module. */
export function load(compiled) {
  module = compiled;
  instantiate();
}

function instantiate() {
  ({ exports } = new WebAssembly.Instance(module, { "./clerk_sign_in_tokens_bg.js": glue }));
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
}

/**
 * Asks the core one of the questions in src/npm/mod.rs. An error in its answer is thrown. A trap (a bug) becomes an
 * `internal` error, and the next question goes to a new instance: a trapped one cannot be trusted. Nothing is lost with
 * it, since nothing is kept in its memory between two questions.
 */
export function ask(name, question, body) {
  let reply;
  try {
    reply = JSON.parse(glue.ask(JSON.stringify({ ask: name, ...question }), body));
  } catch {
    try {
      // Growing the old memory detaches its buffer, so that the glue drops the views it has cached of it.
      exports.memory.grow(1);
    } finally {
      instantiate();
    }
    throw internalError(0);
  }
  if (reply.error) throw new SignInTokensError(reply.error);
  return reply;
}
