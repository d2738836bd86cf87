// Makes the wasm and its glue smaller: drops the texts of panics (3,010 B of a minimal Worker),
// shortens the names between both (2,893 B), optimizes for size.
import { readFileSync, writeFileSync } from "node:fs";

import binaryen from "binaryen";

import { shippedGlue } from "./glue.ts";
import { fail } from "./tools.js";
import type { Constants } from "./glue.ts";

/** The features that rustc uses by default. Runtimes may lack others. */
const FEATURES = (
  [
    "BulkMemory",
    "BulkMemoryOpt",
    "CallIndirectOverlong",
    "MutableGlobals",
    "NontrappingFPToInt",
    "ReferenceTypes",
    "Multivalue",
    "SignExt",
  ] as const
).reduce((all, name) => all | binaryen.Features[name], 0);

/**
 * The functions that format text, and those that panic with it. A panic is a trap here, so its text
 * is never shown. No other code formats text: the tests would hit the trap. rustc's own setting for
 * this is not stable. serde-wasm-bindgen's error is for a number that JavaScript cannot represent,
 * and the ranges are checked before.
 */
const PANICS =
  /panicking::|::fmt::|fmt::(Display|Debug|Write)>|::handle_error|_fail$|serde_wasm_bindgen::error::Error::new/;

/** The hashes in rustc's names, which change with the compiler, and the numbers of equal names. */
const HASHES = /\[[0-9a-f]+\]/g;

/** A name by wasm-bindgen, with a hash, which does not compress. */
const HASHED = /\w+_h?[0-9a-f]{16}\b/g;

export type Module = import("binaryen").default.Module;

/** binaryen's types lack this: it returns the methods of a function. */
const { Function: wrap } = binaryen as unknown as {
  Function(reference: number): { setBody(body: number): void };
};

/**
 * Optimizes a wasm file and wasm-bindgen's glue for it, in place. Returns the names of the
 * functions that are a trap now.
 */
export function optimize(wasmFile: string, glueFile: string) {
  const module = binaryen.readBinary(readFileSync(wasmFile));
  module.setFeatures(FEATURES);
  const traps = replacePanics(module);
  const constants = constantsOf(module);
  const imports = [...new Set(functions(module).flatMap(({ base }) => base || []))];
  const short = shortNames([...imports, ...exportNames(module)]);
  const rename = (text: string) => text.replace(HASHED, (name) => short.get(name) ?? name);
  const text = rename(module.emitText());
  module.dispose();
  writeFileSync(wasmFile, optimized(text));
  const glue = rename(readFileSync(glueFile, "utf8"));
  writeFileSync(glueFile, shippedGlue(glue, imports.map(rename), constants));
  return traps;
}

/** Returns the binary of a module in the text format. */
function optimized(text: string) {
  const module = binaryen.parseText(text);
  module.setFeatures(FEATURES);
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  // Larger functions that are called once compress better in place.
  binaryen.setOneCallerInlineMaxSize(20);
  // The addresses below 1024 are the end of the stack, which is never reached.
  binaryen.setLowMemoryUnused(true);
  module.optimize();
  module.optimize();
  module.runPasses(["strip-producers", "strip-target-features"]);
  const binary = module.emitBinary();
  module.dispose();
  return binary;
}

/** Returns where the constants are in memory. */
function constantsOf(module: Module): Constants {
  // binaryen's types lack the method.
  const { getDataSegmentInfo } = module as unknown as {
    getDataSegmentInfo(segment: number): { offset: number; data: ArrayBuffer };
  };
  const { offset, data } = getDataSegmentInfo(module.getDataSegment(".rodata"));
  return { start: Number(offset), length: data.byteLength };
}

/** Replaces what formats and panics by a trap. Returns the names, without hashes. */
function replacePanics(module: Module) {
  const replaced = functions(module).filter(({ name, base }) => !base && PANICS.test(name));
  for (const { reference } of replaced) wrap(reference).setBody(module.unreachable());
  if (replaced.length === 0) fail("scripts/optimize.ts finds no function to replace.");
  return [...new Set(replaced.map(({ name }) => name.replace(HASHES, "")))].sort();
}

/** Returns short names for the names with a hash. */
function shortNames(names: string[]) {
  const hashed = names.filter((name) => name.match(HASHED)?.[0] === name);
  return new Map(hashed.map((name, index) => [name, `_${index.toString(36)}`]));
}

function exportNames(module: Module) {
  return Array.from({ length: module.getNumExports() }, (_, index) => {
    return binaryen.getExportInfo(module.getExportByIndex(index)).name;
  });
}

function functions(module: Module) {
  return Array.from({ length: module.getNumFunctions() }, (_, index) => {
    const reference = module.getFunctionByIndex(index);
    return { ...binaryen.getFunctionInfo(reference), reference };
  });
}
