// Makes the wasm and its glue small: drops the text of panics, shortens the names between both, optimizes for size.
import { readFileSync, writeFileSync } from "node:fs";

import binaryen from "binaryen";

import { fail } from "./tools.js";

/** What rustc emits by default, and no more: what a runtime may lack is not brought in. */
const FEATURES = [
  "BulkMemory",
  "BulkMemoryOpt",
  "CallIndirectOverlong",
  "MutableGlobals",
  "NontrappingFPToInt",
  "ReferenceTypes",
  "Multivalue",
  "SignExt",
].reduce((all, name) => all | binaryen.Features[name], 0);

/**
 * The functions that format text, and those that panic with it. A panic is a trap here, whose text nobody sees, and
 * nothing else formats: the tests would meet the trap. rustc has a setting for this, which is not stable. Nor does
 * serde-wasm-bindgen meet a number that JavaScript cannot hold: the ranges are checked.
 */
const PANICS =
  /panicking::|::fmt::|fmt::(Display|Debug|Write)>|::handle_error|_fail$|serde_wasm_bindgen::error::Error::new/;

/** A name that wasm-bindgen made: its hash does not compress. */
const HASHED = /\w+_h?[0-9a-f]{16}\b/g;

/** Optimizes a wasm file and the glue that wasm-bindgen wrote for it, in place. */
export function optimize(wasmFile, glueFile) {
  const module = binaryen.readBinary(readFileSync(wasmFile));
  module.setFeatures(FEATURES);
  replacePanics(module);
  const imports = [...new Set(functions(module).flatMap(({ base }) => base || []))];
  const short = shortNames([...imports, ...exportNames(module)]);
  const rename = (text) => text.replace(HASHED, (name) => short.get(name) ?? name);
  const text = rename(module.emitText());
  module.dispose();
  writeFileSync(wasmFile, optimized(text));
  writeFileSync(glueFile, withImports(rename(readFileSync(glueFile, "utf8")), imports.map(rename)));
}

/** Returns the binary of a module in the text format. */
function optimized(text) {
  const module = binaryen.parseText(text);
  module.setFeatures(FEATURES);
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  // Larger functions that are called once compress better where they stand.
  binaryen.setOneCallerInlineMaxSize(20);
  // Addresses below 1024 are the end of the stack, which is never reached.
  binaryen.setLowMemoryUnused(true);
  module.optimize();
  module.optimize();
  module.runPasses(["strip-producers", "strip-target-features"]);
  const binary = module.emitBinary();
  module.dispose();
  return binary;
}

/**
 * Returns the glue with what the wasm imports as one object, `imports`, in place of as many exports: bundlers need a
 * getter and a name for each export of a module that is used as a whole.
 */
function withImports(glue, names) {
  const methods = [];
  const rest = glue.replace(/^export function (\w+)(\([^]*?^\}.*\n)/gm, (whole, name, method) => {
    if (!names.includes(name)) return whole;
    methods.push(`${name}${method.trimEnd()},\n`);
    return "";
  });
  if (methods.length !== names.length) fail("scripts/optimize.js does not understand the glue.");
  return `${rest}\nexport const imports = {\n${methods.join("")}};\n`;
}

function replacePanics(module) {
  for (const { name, base, reference } of functions(module)) {
    if (!base && PANICS.test(name)) binaryen.Function(reference).setBody(module.unreachable());
  }
}

/** Short names for those that have a hash. */
function shortNames(names) {
  const hashed = names.filter((name) => name.match(HASHED)?.[0] === name);
  return new Map(hashed.map((name, index) => [name, `_${index.toString(36)}`]));
}

function exportNames(module) {
  return Array.from({ length: module.getNumExports() }, (_, index) => {
    return binaryen.getExportInfo(module.getExportByIndex(index)).name;
  });
}

function functions(module) {
  return Array.from({ length: module.getNumFunctions() }, (_, index) => {
    const reference = module.getFunctionByIndex(index);
    return { ...binaryen.getFunctionInfo(reference), reference };
  });
}
