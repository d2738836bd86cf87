// Splits JSON that spans lines into its elements: those of an array, or objects in a sequence.

/** A row: a CSV record, a JSON text, or the reason why it cannot be read. */
export type Row = Content & { line: number; lastLine: number };
type Content = { cells?: string[]; json?: string; reason?: string };

/** The maximum of characters in a row. Longer ones are dropped, so memory does not grow. */
export const LONGEST = 65_536;

export class Elements {
  #line;
  /** Whether elements are those of an array. Several may follow each other. */
  #isArray;
  /** How many arrays and objects are open, and how many of them are around each element. */
  #depth;
  #around;
  /** The element that has not come completely. */
  #element = "";
  #begin = 0;
  #isInString = false;
  #isEscaped = false;
  /** Whether the element is the rest of the object around the array. */
  #isRest = false;

  /** @param around 0, 1 in an array, 2 in an array in an object */
  constructor(line: number, around: number) {
    this.#line = line;
    this.#isArray = around > 0;
    this.#around = around;
    this.#depth = around;
  }

  /** Returns the elements that a piece completes. */
  read(text: string, isEnd: boolean) {
    const rows: Row[] = [];
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text[at];
      const isOutside = this.#depth === this.#around && !this.#isInString;
      const isBetween = isOutside && (/[\s,\]]/.test(char) || this.#opens(char));
      if (isOutside && !isBetween && this.#element === "" && start === at) this.#begin = this.#line;
      if (isBetween || (this.#closes(char) && this.#depth === this.#around)) {
        this.#end(rows, text.slice(start, isBetween ? at : at + 1));
        start = at + 1;
      }
      if (isBetween) this.#leave(char);
      if (char === "\n") this.#line++;
    }
    this.#keep(text.slice(start));
    if (isEnd) this.#end(rows, "");
    return rows;
  }

  #opens(char: string) {
    return char === "[" && this.#isArray && this.#around === 0;
  }

  /** Notes that the array begins or ends. */
  #leave(char: string) {
    if (char !== "[" && char !== "]") return;
    this.#around = Number(char === "[");
    this.#depth = char === "[" ? 1 : Math.max(0, this.#depth - 1);
    this.#isRest = this.#depth > this.#around;
  }

  /** Follows the strings and the depth. Returns whether the character closes something. */
  #closes(char: string) {
    if (this.#isInString) {
      this.#isInString = char !== '"' || this.#isEscaped;
      this.#isEscaped = char === "\\" && !this.#isEscaped;
      return false;
    }
    if (char === '"') this.#isInString = true;
    if (char === "{" || char === "[") this.#depth++;
    if ((char !== "}" && char !== "]") || this.#depth === this.#around) return false;
    this.#depth--;
    return true;
  }

  #keep(text: string) {
    if (this.#element.length <= LONGEST) this.#element += text.slice(0, LONGEST + 1);
  }

  #end(rows: Row[], text: string) {
    this.#keep(text);
    const json = this.#element;
    const isRow = json !== "" && !this.#isRest;
    this.#element = "";
    this.#isRest = false;
    if (!isRow) return;
    const isLong = json.length > LONGEST;
    const content = isLong ? { reason: `longer than ${LONGEST} characters` } : { json };
    rows.push({ line: this.#begin, lastLine: this.#line, ...content });
  }
}
