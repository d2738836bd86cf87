// Splits JSON that spans lines into its elements: those of an array, or objects one after the other.

/** The maximum of characters in a row. Longer ones are dropped, so memory does not grow with a broken list. */
export const LONGEST = 65_536;

/** @typedef {import("./rows.js").Row} Row */

export class Elements {
  #line;
  #isArray;
  /** The element that has not come completely. */
  #element = "";
  #begin = 0;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isOver = false;

  /**
   * @param {number} line the number of the first line
   * @param {boolean} isArray whether these are the elements of an array, which has begun
   */
  constructor(line, isArray) {
    this.#line = line;
    this.#isArray = isArray;
  }

  /**
   * Returns the elements that a piece completes.
   *
   * @param {string} text
   * @param {boolean} isEnd
   */
  read(text, isEnd) {
    /** @type {Row[]} */
    const rows = [];
    let start = 0;
    for (let at = 0; at < text.length && !this.#isOver; at++) {
      const char = text[at];
      const isOutside = this.#depth === 0 && !this.#isInString;
      if (isOutside && /[\s,\]]/.test(char)) {
        this.#end(rows, text.slice(start, at));
        start = at + 1;
        this.#isOver = this.#isArray && char === "]";
      } else if (isOutside && this.#element === "" && start === at) this.#begin = this.#line;
      if (char === "\n") this.#line++;
      if (this.#look(char) && this.#depth === 0) {
        this.#end(rows, text.slice(start, at + 1));
        start = at + 1;
      }
    }
    if (!this.#isOver) this.#keep(text.slice(start));
    if (isEnd) this.#end(rows, "");
    return rows;
  }

  /**
   * Follows the strings and the depth. Returns whether the character closes something.
   *
   * @param {string} char
   */
  #look(char) {
    if (this.#isInString) {
      const isEnd = char === '"' && !this.#isEscaped;
      this.#isEscaped = char === "\\" && !this.#isEscaped;
      this.#isInString = !isEnd;
      return false;
    }
    if (char === '"') this.#isInString = true;
    if (char === "{" || char === "[") this.#depth++;
    if ((char !== "}" && char !== "]") || this.#depth === 0) return false;
    this.#depth--;
    return true;
  }

  /** @param {string} text the next part of the element, which is no longer complete once it is too long */
  #keep(text) {
    if (this.#element.length <= LONGEST) this.#element += text.slice(0, LONGEST + 1);
  }

  /**
   * @param {Row[]} rows
   * @param {string} text the last part of the element
   */
  #end(rows, text) {
    this.#keep(text);
    const json = this.#element;
    this.#element = "";
    if (json === "") return;
    const place = { line: this.#begin, lastLine: this.#line };
    const reason = `longer than ${LONGEST} characters`;
    rows.push(json.length > LONGEST ? { ...place, reason } : { ...place, json });
  }
}
