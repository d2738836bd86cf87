// npm run contract -- FILE: compares the operations of the OpenAPI file in emulator/, which this
// client was written for, with those in a newer file. Descriptions and examples do not count.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { parse } from "yaml";

import { fail, root } from "./tools.js";

const TEXTS = /^(description|summary|examples?|title|tags|operationId|x-.*)$/;

const [file] = process.argv.slice(2);
if (!file) fail("Which file? npm run contract -- path/to/openapi.yml");
const read = (path: string) => parse(readFileSync(path, "utf8"));
const known = read(join(root, "emulator", "clerk-sign-in-tokens.openapi.yml"));
const found = read(resolve(process.env.INIT_CWD ?? ".", file));

compare("version", known.info.version, found.info?.version);
compare("server", known.servers[0].url, found.servers?.[0]?.url);
for (const path of Object.keys(known.paths)) compare(path, known.paths[path], found.paths?.[path]);
if (!process.exitCode) console.log("No difference.");
else console.log('\nSee CONTRIBUTING.md, "How to add an operation".');

/** Prints the differences between two parts, and fails if there are any. */
function compare(name: string, our: unknown, their: unknown) {
  const [ours, theirs] = [follow(known, our), follow(found, their)];
  if (ours === theirs) return;
  if (ours === undefined) return report(`new:     ${name}`);
  if (theirs === undefined) return report(`gone:    ${name}`);
  if (!isObject(ours) || !isObject(theirs))
    return report(`changed: ${name} was ${ours}, is ${theirs}`);
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)]))
    // A field may have the name of a text, such as `title`.
    if (name.endsWith(".properties") || !TEXTS.test(key))
      compare(`${name}.${key}`, ours[key], theirs[key]);
}

function report(line: string) {
  console.log(line);
  process.exitCode = 1;
}

function isObject(part: unknown): part is Record<string, unknown> {
  return typeof part === "object" && part !== null;
}

/** Returns a part of a file, or the part that it refers to. The items of a list are its keys. */
function follow(api: object, part: unknown): unknown {
  const { $ref } = Object(part);
  if (Array.isArray(part) && !part.some(isObject))
    return Object.fromEntries(part.map((item) => [item, item]));
  if (typeof $ref !== "string") return part;
  const names = $ref.slice(2).split("/");
  return follow(
    api,
    names.reduce((node, name) => Object(node)[name], api as unknown),
  );
}
