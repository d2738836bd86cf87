// Splits a list that comes in pieces of any size into rows: CSV records or lines of JSON.
import Papa from "papaparse";

/**
 * A row, with the numbers of its first and last line: the cells of a CSV record, the text of a line of JSON, or the reason
 * why it cannot be read.
 *
 * @typedef {{ line: number, lastLine: number, cells?: string[], json?: string, reason?: string }} Row
 */

/** The maximum of characters in a row. Longer ones are dropped, so memory does not grow with a broken list. */
const LONGEST = 65_536;

/** The possible separators of CSV cells. */
const DELIMITERS = [",", ";", "\t"];

/** Reads a list piece by piece. A line ends in LF, CRLF or CR; a quoted cell may hold line ends. Skips rows without text. */
export class Rows {
  #text = "";
  #line = 1;
  #endsInCR = false;
  #isFirst = true;
  #isSkipping = false;
  #isOver = false;
  /** @type {string | undefined} */
  #delimiter;
  /** @type {boolean | undefined} undefined until the first line is read */
  #isJson;

  /**
   * Returns the rows that this piece completes.
   *
   * @param {string} piece
   */
  push(piece) {
    if (this.#isOver || piece === "") return [];
    if (this.#isFirst) piece = piece.replace(/^\uFEFF/, "");
    this.#isFirst = false;
    // A CR at the end of the last piece already counted as a line end.
    if (this.#endsInCR && piece.startsWith("\n")) piece = piece.slice(1);
    this.#endsInCR = piece.endsWith("\r");
    this.#text += piece.includes("\r") ? piece.replace(/\r\n?/g, "\n") : piece;
    return this.#take(false);
  }

  /**
   * Returns the remaining rows at the end of the list.
   *
   * @returns {Row[]}
   */
  end() {
    return this.#isOver ? [] : this.#take(true);
  }

  /** @param {boolean} isEnd */
  #take(isEnd) {
    if (this.#isSkipping && !this.#skip()) return [];
    if (!this.#chooseFormat(isEnd)) return [];
    /** @type {Row[]} */
    const rows = [];
    // A row that is too long interrupts the reading; the next round continues behind it.
    while (this.#read(rows, isEnd));
    return rows;
  }

  /**
   * Chooses CSV or JSON, and the separator, by the first line that is not blank. Returns whether that line is complete.
   *
   * @param {boolean} isEnd
   */
  #chooseFormat(isEnd) {
    if (this.#isJson !== undefined) return true;
    const [blank] = this.#text.match(/^\s*\n/) ?? [""];
    this.#advance(blank);
    const end = this.#text.indexOf("\n");
    if (end < 0 && !isEnd && this.#text.length <= LONGEST) return false;
    const first = end < 0 ? this.#text : this.#text.slice(0, end);
    this.#isJson = /^\s*[{[]/.test(first);
    const count = (/** @type {string} */ delimiter) => first.split(delimiter).length;
    this.#delimiter = DELIMITERS.reduce((a, b) => (count(b) > count(a) ? b : a));
    return true;
  }

  /**
   * Reads the complete rows of the text. Returns whether there is more to read behind a row that is too long.
   *
   * @param {Row[]} rows
   * @param {boolean} isEnd
   */
  #read(rows, isEnd) {
    const taken = this.#isJson ? this.#readLines(rows, isEnd) : this.#readCsv(rows, isEnd);
    this.#text = this.#text.slice(taken);
    if (this.#text.length <= LONGEST) return false;
    rows.push(this.#dropLongRow());
    return !this.#isOver && !this.#isSkipping;
  }

  /**
   * @param {Row[]} rows
   * @param {boolean} isEnd
   */
  #readLines(rows, isEnd) {
    let at = 0;
    while (at < this.#text.length) {
      const newline = this.#text.indexOf("\n", at);
      if (newline < 0 && !isEnd) break;
      const end = newline < 0 ? this.#text.length : newline;
      if (end - at > LONGEST) break;
      const json = this.#text.slice(at, end);
      if (json.trim() !== "") rows.push({ line: this.#line, lastLine: this.#line, json });
      this.#line++;
      at = end + 1;
    }
    return at;
  }

  /**
   * @param {Row[]} rows
   * @param {boolean} isEnd
   */
  #readCsv(rows, isEnd) {
    const text = this.#text;
    let at = 0;
    const parser = new Papa.Parser({
      delimiter: this.#delimiter,
      newline: "\n",
      /** @param {Papa.ParseResult<string[]>} result */
      step: ({ data: [cells], errors, meta: { cursor } }) => {
        const end = text[cursor - 1] === "\n" ? cursor - 1 : cursor;
        if (end - at > LONGEST) return parser.abort();
        const line = this.#line;
        const lastLine = line + newlines(text, at, end);
        this.#line = lastLine + 1;
        at = cursor;
        if (errors.length > 0) rows.push({ line, lastLine, reason: "a quote is not closed" });
        else if (cells.some((cell) => cell.trim() !== "")) rows.push({ line, lastLine, cells });
      },
    });
    parser.parse(text, 0, !isEnd);
    return at;
  }

  /**
   * Drops a row that is too long, with the rest of its line. With an open quote the end of the row is unknown: then the
   * reading ends. Returns a row with the reason.
   */
  #dropLongRow() {
    const line = this.#line;
    if (!this.#isJson && this.#isQuoteOpen(this.#text.slice(0, LONGEST + 1))) {
      this.#isOver = true;
      this.#text = "";
      const reason = `a quote is not closed within ${LONGEST} characters, so the rest was not read`;
      return { line, lastLine: line, reason };
    }
    this.#isSkipping = true;
    this.#skip();
    return { line, lastLine: line, reason: `longer than ${LONGEST} characters` };
  }

  /**
   * Returns whether the start of a row ends inside a quoted cell; true in doubt, when its last quote may be half of a pair.
   *
   * @param {string} start
   */
  #isQuoteOpen(start) {
    if (start.includes("\n") || start.endsWith('"')) return true;
    return new Papa.Parser({ delimiter: this.#delimiter }).parse(start, 0, false).errors.length > 0;
  }

  /** Drops the text up to the end of the skipped line. Returns whether that end has come. */
  #skip() {
    const newline = this.#text.indexOf("\n");
    this.#isSkipping = newline < 0;
    this.#advance(this.#isSkipping ? this.#text : this.#text.slice(0, newline + 1));
    return !this.#isSkipping;
  }

  /** @param {string} text the part to drop, from the start */
  #advance(text) {
    this.#line += newlines(text, 0, text.length);
    this.#text = this.#text.slice(text.length);
  }
}

/**
 * Returns the number of line ends in a part of `text`.
 *
 * @param {string} text
 * @param {number} from
 * @param {number} to
 */
function newlines(text, from, to) {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1))
    count++;
  return count;
}
