// npm run contract -- FILE: compares the two operations in an OpenAPI file with those that this client knows (contract.json).
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { parse } from "yaml";

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
 * A part of an OpenAPI file, as far as it is read here. A file may lack any of it.
 *
 * @typedef {object} Node
 * @property {string} [$ref]
 * @property {Record<string, Node>} [properties]
 * @property {string[]} [required]
 * @property {string | string[]} [type]
 * @property {boolean} [nullable]
 * @property {string[]} [enum]
 * @property {Node} [items]
 * @property {Record<string, { schema?: Node }>} [content]
 * @property {Node} [requestBody]
 * @property {Record<string, Node>} [responses]
 */

/**
 * @typedef {object} Api
 * @property {{ version?: string }} [info]
 * @property {{ url: string }[]} [servers]
 * @property {Record<string, Record<string, Node>>} [paths]
 */

/**
 * Returns the file's facts, in the form of contract.json.
 *
 * @param {Api} api
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

/** Reads parts of an OpenAPI file. */
class Reader {
  #api;

  /** @param {Api} api */
  constructor(api) {
    this.#api = api;
  }

  /**
   * Returns a part of the file, or the part that it refers to.
   *
   * @param {Node | undefined} node
   * @returns {Node | undefined}
   */
  follow(node) {
    if (!node?.$ref) return node;
    /** @type {unknown} */
    let found = this.#api;
    for (const name of node.$ref.slice(2).split("/")) found = Object(found)[name];
    return this.follow(/** @type {Node | undefined} */ (found));
  }

  /**
   * Returns the fields of a schema with their types.
   *
   * @param {Node | undefined} schema
   */
  fields(schema) {
    const { properties = {}, required = [] } = this.follow(schema) ?? {};
    const entries = Object.entries(properties).map(([name, field]) => [
      name,
      fieldType(this.follow(field) ?? {}, required.includes(name)),
    ]);
    return Object.fromEntries(entries);
  }

  /**
   * Returns the schema of a body.
   *
   * @param {Node | undefined} node
   */
  json(node) {
    return this.follow(node)?.content?.["application/json"]?.schema;
  }
}

/**
 * @param {Node} field
 * @param {boolean} isRequired
 */
function fieldType({ type, nullable }, isRequired) {
  // OpenAPI 3.1 has null among the types.
  const [name, ...others] = [type].flat().filter((one) => one !== "null");
  const isNullable = nullable || [type].flat().includes("null");
  return [[name, ...others].join(" or "), isNullable && " or null", isRequired && ", required"]
    .filter(Boolean)
    .join("");
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
