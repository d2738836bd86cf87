// npm run contract -- FILE: compares the two operations in an OpenAPI file with those that this client knows (contract.json).
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { parse } from "yaml";

import { Reader } from "./openapi.js";
import { fail, root } from "./tools.js";

const [file] = process.argv.slice(2);
if (!file) fail("Which file? npm run contract -- path/to/openapi.yml");

const known = JSON.parse(readFileSync(join(root, "contract.json"), "utf8"));
const differences = compare(
  flat(known),
  flat(describe(parse(readFileSync(resolve(process.env.INIT_CWD ?? ".", file), "utf8")))),
);
for (const line of differences) console.log(line);
console.log(
  differences.length > 0
    ? `\n${differences.length} differences: see CONTRIBUTING.md, "How to add an operation".`
    : "No difference.",
);
process.exitCode = differences.length > 0 ? 1 : 0;

/**
 * Returns the file's facts, in the form of contract.json.
 *
 * @param {import("./openapi.js").Api} api
 */
function describe(api) {
  const reader = new Reader(api);
  /** @type {Record<string, object>} */
  const operations = {};
  for (const [name, { method, path }] of Object.entries(known.operations)) {
    const operation = reader.follow(api.paths?.[path]?.[method]);
    const body = reader.fields(reader.json(operation?.requestBody));
    const statuses = Object.keys(operation?.responses ?? {});
    operations[name] = operation ? { method, path, body, statuses } : {};
  }
  const responses = api.paths?.[known.operations.create.path]?.post?.responses;
  const success = reader.follow(reader.json(responses?.["200"]));
  const errors = reader.follow(reader.json(responses?.["404"]));
  return {
    apiVersion: api.info?.version,
    server: api.servers?.[0]?.url,
    operations,
    token: reader.fields(success),
    tokenStatuses: reader.follow(success?.properties?.status)?.enum ?? [],
    error: reader.fields(reader.follow(errors?.properties?.errors)?.items),
    errors: reader.fields(errors),
  };
}

/**
 * Returns `{ "operations.create.method": "post", … }`. An item of a list is part of the name.
 *
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
function flat(value, path = "") {
  if (Array.isArray(value))
    return Object.fromEntries(value.map((item) => [`${path}: ${item}`, ""]));
  if (value === null || typeof value !== "object") return { [path]: value };
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, inner]) => flat(inner, path ? `${path}.${key}` : key)),
  );
}

/**
 * Returns a line for each difference.
 *
 * @param {Record<string, unknown>} ours
 * @param {Record<string, unknown>} theirs
 */
function compare(ours, theirs) {
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  return names.flatMap((name) => {
    if (ours[name] === theirs[name]) return [];
    if (!(name in theirs) || theirs[name] === undefined) return `gone:    ${name}`;
    if (!(name in ours)) return `new:     ${name}${theirs[name] && `, ${theirs[name]}`}`;
    return `changed: ${name} was ${ours[name]}, is ${theirs[name]}`;
  });
}
