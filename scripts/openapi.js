// Reads parts of an OpenAPI file.

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

export class Reader {
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
