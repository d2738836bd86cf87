// Splits a list, given in pieces of any size, into rows: CSV records or lines of JSON.
import Papa from "papaparse";

/** The most characters a row may have. Nothing longer is kept, so memory does not grow with a broken list. */
const LONGEST = 65_536;

/** What separates the cells of CSV. */
const DELIMITERS = [",", ";", "\t"];

/**
 * Takes a list in, piece by piece. A line ends in LF, CRLF or CR; a quoted cell may hold line ends.
 *
 * A row is `{ line, lastLine, cells }`, `{ line, lastLine, json }` (its text), or `{ line, lastLine, reason }` where it
 * cannot be read. Rows without any text are left out.
 */
export class Rows {
  #text = "";
  #line = 1;
  #endsInCR = false;
  #isFirst = true;
  #isSkipping = false;
  #isOver = false;
  #delimiter;
  #isJson;

  /** Returns the rows that are complete with this piece. */
  push(piece) {
    if (this.#isOver || piece === "") return [];
    if (this.#isFirst) piece = piece.replace(/^\uFEFF/, "");
    this.#isFirst = false;
    // A CR at the end of the last piece was taken for a whole line end.
    if (this.#endsInCR && piece.startsWith("\n")) piece = piece.slice(1);
    this.#endsInCR = piece.endsWith("\r");
    this.#text += piece.includes("\r") ? piece.replace(/\r\n?/g, "\n") : piece;
    return this.#take(false);
  }

  /** Returns the rows that are left once the list has ended. */
  end() {
    return this.#isOver ? [] : this.#take(true);
  }

  #take(isEnd) {
    if (this.#isSkipping && !this.#skip()) return [];
    if (!this.#chooseFormat(isEnd)) return [];
    const rows = [];
    // An overlong row interrupts the reading; what follows it is read by the next round.
    while (this.#read(rows, isEnd));
    return rows;
  }

  /** Whether the list is CSV or JSON, and what separates cells, is seen in its first line that is not blank. */
  #chooseFormat(isEnd) {
    if (this.#isJson !== undefined) return true;
    const [blank] = this.#text.match(/^\s*\n/) ?? [""];
    this.#advance(blank);
    const end = this.#text.indexOf("\n");
    if (end < 0 && !isEnd && this.#text.length <= LONGEST) return false;
    const first = end < 0 ? this.#text : this.#text.slice(0, end);
    this.#isJson = /^\s*[{[]/.test(first);
    const count = (delimiter) => first.split(delimiter).length;
    this.#delimiter = DELIMITERS.reduce((a, b) => (count(b) > count(a) ? b : a));
    return true;
  }

  /** Reads the complete rows of the text; returns whether there is more to read after an overlong one. */
  #read(rows, isEnd) {
    const taken = this.#isJson ? this.#readLines(rows, isEnd) : this.#readCsv(rows, isEnd);
    this.#text = this.#text.slice(taken);
    if (this.#text.length <= LONGEST) return false;
    rows.push(this.#overlong());
    return !this.#isOver && !this.#isSkipping;
  }

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

  #readCsv(rows, isEnd) {
    const text = this.#text;
    let at = 0;
    const parser = new Papa.Parser({
      delimiter: this.#delimiter,
      newline: "\n",
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
   * A row that is too long: the rest of its line is skipped. Where a quote is open, nobody can tell where the row ends, so
   * nothing more is read.
   */
  #overlong() {
    const line = this.#line;
    if (!this.#isJson && this.#isQuoteOpen(this.#text.slice(0, LONGEST + 1))) {
      this.#isOver = true;
      this.#text = "";
      const reason = `a quote is not closed within ${LONGEST} characters, so nothing after it was read`;
      return { line, lastLine: line, reason };
    }
    this.#isSkipping = true;
    this.#skip();
    return { line, lastLine: line, reason: `longer than ${LONGEST} characters` };
  }

  /** Whether the beginning of a row ends inside a quoted cell; in doubt (its last quote may be half of a pair) it does. */
  #isQuoteOpen(start) {
    if (start.includes("\n") || start.endsWith('"')) return true;
    return new Papa.Parser({ delimiter: this.#delimiter }).parse(start, 0).errors.length > 0;
  }

  /** Drops the text up to the end of the line that is being skipped; returns whether that has come. */
  #skip() {
    const newline = this.#text.indexOf("\n");
    this.#isSkipping = newline < 0;
    this.#advance(this.#isSkipping ? this.#text : this.#text.slice(0, newline + 1));
    return !this.#isSkipping;
  }

  #advance(text) {
    this.#line += newlines(text, 0, text.length);
    this.#text = this.#text.slice(text.length);
  }
}

function newlines(text, from, to) {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1))
    count++;
  return count;
}
