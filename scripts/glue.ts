// Fits wasm-bindgen's glue into the package. Each step names what it buys.
import { fail } from "./tools.js";

/**
 * Where the texts of the wasm that never change, such as the names of fields, are in its memory.
 */
export type Constants = { start: number; length: number };

/**
 * Returns the glue as the package ships it.
 *
 * @param glue with the short names of the wasm
 * @param imports the names of what the wasm imports
 */
export function shippedGlue(glue: string, imports: string[], constants: Constants) {
  const complete = withLateFree(withConstants(withOwnModules(glue), constants));
  return withImports(complete, imports);
}

/**
 * Lets `free()` work inside a function that a call of the client calls: as where a client is
 * collected, the memory goes with its last use. wasm-bindgen's own `free()` throws there.
 */
function withLateFree(glue: string) {
  return replaced(glue, /(?<=\.__wbg_\w+_free\(ptr, )0(?=\))/g, "1");
}

/** Replaces the copies of the modules that the wasm imports by the package's own. */
function withOwnModules(glue: string) {
  return replaced(glue, /"?'?\.\/snippets\/[^'"]+\/(\w+)\.js'?"?/g, '"../$1.js"');
}

/**
 * Decodes a text that never changes only once: a TextDecoder takes longer than most calls of the
 * wasm. Saves 13 % of the package's own CPU in a create that fails, for 66 B.
 */
function withConstants(glue: string, { start, length }: Constants) {
  // An offset and a length, which fit into one small integer.
  if (length > 2 ** 15) fail("The wasm has more constants than scripts/glue.ts expects.");
  const cached = replaced(
    glue,
    /(?<=function getStringFromWasm0\(ptr, len\) \{\s+ptr = ptr >>> 0;\s+)return (.*);/,
    `const offset = ptr - ${start};
    if (offset < 0 || offset >= ${length}) return $1;
    return (constants[(offset << 15) | len] ??= $1);`,
  );
  return `${cached}\nconst constants = { __proto__: null };\n`;
}

/**
 * Returns the glue with the imports of the wasm as one object, `imports`, in place of one export
 * each: bundlers add a getter and a name for each export of a module that is used as a whole. Saves
 * 919 B of a minimal Worker.
 */
function withImports(glue: string, names: string[]) {
  const methods: string[] = [];
  const rest = glue.replace(/^export function (\w+)(\([^]*?^\}.*\n)/gm, (whole, name, method) => {
    if (!names.includes(name)) return whole;
    methods.push(`${name}${method.trimEnd()},\n`);
    return "";
  });
  if (methods.length !== names.length) fail("scripts/glue.ts does not understand the glue.");
  return `${rest}\nexport const imports = {\n${methods.join("")}};\n`;
}

function replaced(glue: string, pattern: RegExp, replacement: string) {
  if (glue.search(pattern) < 0) fail(`scripts/glue.ts finds no ${pattern} in the glue.`);
  return glue.replace(pattern, replacement);
}
