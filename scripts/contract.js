// npm run contract -- FILE: what an OpenAPI file says of the two operations, against what this client knows (contract.json).
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

/** The file's facts, in the form of contract.json. */
function describe(api) {
  const follow = (node) =>
    node?.$ref
      ? follow(
          node.$ref
            .slice(2)
            .split("/")
            .reduce((at, name) => at?.[name], api),
        )
      : node;
  const fields = (schema) => {
    const { properties = {}, required = [] } = follow(schema) ?? {};
    return Object.fromEntries(
      Object.entries(properties).map(([name, field]) => [
        name,
        fieldType(follow(field), required.includes(name)),
      ]),
    );
  };
  const json = (node) => follow(node)?.content?.["application/json"]?.schema;
  const operations = {};
  for (const [name, { method, path }] of Object.entries(known.operations)) {
    const operation = follow(api.paths?.[path])?.[method];
    operations[name] = operation
      ? {
          method,
          path,
          body: fields(json(operation.requestBody)),
          statuses: Object.keys(operation.responses ?? {}),
        }
      : {};
  }
  const success = follow(
    json(follow(api.paths?.[known.operations.create.path])?.post?.responses?.["200"]),
  );
  const errors = follow(
    json(follow(api.paths?.[known.operations.create.path])?.post?.responses?.["404"]),
  );
  return {
    apiVersion: api.info?.version,
    server: api.servers?.[0]?.url,
    operations,
    token: fields(success),
    tokenStatuses: follow(success?.properties?.status)?.enum ?? [],
    error: fields(follow(errors?.properties?.errors)?.items),
    errors: fields(errors),
  };
}

function fieldType({ type, nullable }, isRequired) {
  // OpenAPI 3.1 has null among the types.
  const [name, ...others] = [type].flat().filter((one) => one !== "null");
  const isNullable = nullable || [type].flat().includes("null");
  return [[name, ...others].join(" or "), isNullable && " or null", isRequired && ", required"]
    .filter(Boolean)
    .join("");
}

/** `{ "operations.create.method": "post", … }`; what is in a list is a name of its own. */
function flat(value, path = "") {
  if (Array.isArray(value))
    return Object.fromEntries(value.map((item) => [`${path}: ${item}`, ""]));
  if (value === null || typeof value !== "object") return { [path]: value };
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, inner]) => flat(inner, path ? `${path}.${key}` : key)),
  );
}

function compare(ours, theirs) {
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  return names.flatMap((name) => {
    if (ours[name] === theirs[name]) return [];
    if (!(name in theirs) || theirs[name] === undefined) return `gone:    ${name}`;
    if (!(name in ours)) return `new:     ${name}${theirs[name] && `, ${theirs[name]}`}`;
    return `changed: ${name} was ${ours[name]}, is ${theirs[name]}`;
  });
}
