// Makes the wasm small: drops the text of panics, shortens the names of imports, and optimizes for size.
import { readFileSync, writeFileSync } from "node:fs";

import binaryen from "binaryen";

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
 * nothing else formats: the tests would meet the trap. rustc has a setting for this, which is not stable.
 */
const PANICS = /panicking::|::fmt::|fmt::(Display|Debug|Write)>|::handle_error|_fail$/;

const IMPORT = /__wb(?:g|indgen)_\w+/;

/** Optimizes the wasm file in place, and renames the imports in the glue beside it. */
export function optimize(wasmFile, glueFile) {
  const module = binaryen.readBinary(readFileSync(wasmFile));
  module.setFeatures(FEATURES);
  replacePanics(module);
  const names = importNames(module);
  const rename = (text) =>
    text.replace(new RegExp(IMPORT, "g"), (name) => names.get(name) ?? name);
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  // Functions that are called once compress better where they stand.
  binaryen.setOneCallerInlineMaxSize(20);
  // Addresses below 1024 are the end of the stack, which is never reached.
  binaryen.setLowMemoryUnused(true);
  const renamed = binaryen.parseText(rename(module.emitText()));
  module.dispose();
  renamed.setFeatures(FEATURES);
  renamed.optimize();
  renamed.runPasses(["strip-producers", "strip-target-features"]);
  writeFileSync(wasmFile, renamed.emitBinary());
  renamed.dispose();
  writeFileSync(glueFile, rename(readFileSync(glueFile, "utf8")));
}

function replacePanics(module) {
  for (const { name, base, reference } of functions(module)) {
    if (!base && PANICS.test(name)) binaryen.Function(reference).setBody(module.unreachable());
  }
}

/** Short names for the imports, which end in a hash that does not compress. */
function importNames(module) {
  const imports = functions(module).filter(({ base }) => IMPORT.test(base));
  return new Map(imports.map(({ base }, index) => [base, `_${index.toString(36)}`]));
}

function functions(module) {
  return Array.from({ length: module.getNumFunctions() }, (_, index) => {
    const reference = module.getFunctionByIndex(index);
    return { ...binaryen.getFunctionInfo(reference), reference };
  });
}
