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
  #isInArray;
  #isInWrapper;
  /** The element that has not come completely. */
  #element = "";
  #begin = 0;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** Whether the element is the rest of the wrapper. */
  #isRest = false;

  /**
   * @param isArray whether these are the elements of an array, which has begun
   * @param isInWrapper whether that is in an object
   */
  constructor(line: number, isArray: boolean, isInWrapper: boolean) {
    this.#line = line;
    this.#isArray = isArray;
    this.#isInArray = isArray;
    this.#isInWrapper = isInWrapper;
  }

  /** Returns the elements that a piece completes. */
  read(text: string, isEnd: boolean) {
    const rows: Row[] = [];
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text[at];
      const isOutside = this.#depth === 0 && !this.#isInString;
      const isBetween = isOutside && (/[\s,\]]/.test(char) || this.#opens(char));
      if (isOutside && !isBetween && this.#element === "" && start === at) this.#begin = this.#line;
      if (isBetween || (this.#closes(char) && this.#depth === 0)) {
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
    return char === "[" && this.#isArray && !this.#isInArray;
  }

  /** Notes that the array begins or ends. */
  #leave(char: string) {
    if (char === "[") this.#isInArray = true;
    if (char !== "]") return;
    this.#isInArray = false;
    if (!this.#isInWrapper) return;
    [this.#isInWrapper, this.#isRest, this.#depth] = [false, true, 1];
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
    if ((char !== "}" && char !== "]") || this.#depth === 0) return false;
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
