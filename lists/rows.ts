// Splits a list that comes in pieces of any size into rows: CSV records, lines of JSON, or the
// elements of a JSON array. Papa Parse reads the CSV: csv-parse needs Node's Buffer, and cannot
// read on after a row that is too long.
import Papa from "papaparse";

import { signsOfUsers } from "./columns.ts";
import type { Format } from "./csv.ts";
import { Elements, LONGEST, type Row } from "./elements.ts";

/** The possible separators of CSV cells. */
const DELIMITERS = [",", ";", "\t", "|"];

const NOT_TEXT = "not text: open it in its program and save it as CSV UTF-8";
const MARKUP = "HTML or XML: open it in a spreadsheet and save it as CSV UTF-8";

/** How Excel names the separator. */
const DIRECTIVE = /^"?sep=(.)"?$/i;

/** An object around the array of users, as most APIs and Firebase have it; and the start of one. */
const WRAPPER = /^\{\s*"(?:users|data|items|results|rows|records)"\s*:\s*\[/i;
const WRAPPER_START = /^\{\s*("\w*("\s*(:\s*)?)?)?$/;

/**
 * Reads a list piece by piece. A line ends in LF, CRLF or CR; a quoted cell may hold line ends.
 * Skips rows without text.
 */
export class Rows {
  /** The number of blank lines. */
  blank = 0;
  /** Why this is not a list. */
  refusal?: string;
  /** How CSV with the rows is written again: Excel expects the list's own separator. */
  csv: Format = {};
  #text = "";
  #line = 1;
  #endsInCR = false;
  #isFirst = true;
  #isSkipping = false;
  #isOver = false;
  #delimiter = "";
  /** The number of lines without a sign of their separator. */
  #looked = 0;
  #format?: "csv" | "lines" | Elements;

  /** Returns the rows that this piece completes. */
  push(piece: string): Row[] {
    if (this.#isOver || piece === "") return [];
    if (piece.includes("\0")) return this.#refuse(NOT_TEXT);
    if (this.#isFirst) piece = piece.replace(/^\uFEFF/, "");
    this.#isFirst = false;
    // A CR at the end of the last piece already counted as a line end.
    if (this.#endsInCR && piece.startsWith("\n")) piece = piece.slice(1);
    this.#endsInCR = piece.endsWith("\r");
    this.#text += piece.includes("\r") ? piece.replace(/\r\n?/g, "\n") : piece;
    return this.#take(false);
  }

  /** Returns the remaining rows at the end of the list. */
  end(): Row[] {
    return this.#isOver ? [] : this.#take(true);
  }

  #take(isEnd: boolean) {
    if (this.#isSkipping && !this.#skip()) return [];
    this.#format ??= this.#chooseFormat(isEnd);
    if (!this.#format && this.#text.trimStart().startsWith("<")) return this.#refuse(MARKUP);
    if (!this.#format) return [];
    if (this.#format instanceof Elements) {
      const text = this.#text;
      this.#text = "";
      return this.#format.read(text, isEnd);
    }
    const rows: Row[] = [];
    // A row that is too long interrupts the reading; the next round continues behind it.
    while (this.#read(rows, isEnd));
    return rows;
  }

  #refuse(reason: string) {
    this.refusal = reason;
    this.#isOver = true;
    return [{ line: this.#line, lastLine: this.#line, reason }];
  }

  /** Chooses CSV or JSON by the first line with text. Returns undefined while it is not complete. */
  #chooseFormat(isEnd: boolean) {
    const [blank] = this.#text.match(/^\s*\n/) ?? [""];
    this.blank += newlines(blank, 0, blank.length);
    this.#advance(blank);
    const text = this.#text.trimStart();
    const indent = this.#text.length - text.length;
    if (text.startsWith("<")) return undefined;
    if (text.startsWith("[")) return this.#elements(indent + 1);
    const isComplete = isEnd || this.#text.length > LONGEST;
    if (text.startsWith("{")) {
      const [wrapper] = text.match(WRAPPER) ?? [];
      if (wrapper) return this.#elements(indent + wrapper.length);
      if (WRAPPER_START.test(text) && !isEnd) return undefined;
      const [first, ...more] = text.split("\n", 2);
      if (more.length === 0 && !isComplete) return undefined;
      return opensMore(first) ? this.#elements(0) : "lines";
    }
    if (!this.#chooseDelimiter(isComplete)) return undefined;
    const delimiter = this.#delimiter === ";" ? ";" : ",";
    this.csv = { delimiter, quotes: this.#text.trimStart().startsWith('"') };
    return "csv";
  }

  /** @param start of the first element */
  #elements(start: number) {
    this.#advance(this.#text.slice(0, start));
    return new Elements(this.#line, start > 0);
  }

  /**
   * Chooses the separator: the one that yields a user or the name of a user's column, in the first
   * line that has one; else the most common one of the first line. Returns whether it was chosen.
   */
  #chooseDelimiter(isComplete: boolean) {
    const lines = this.#text.split("\n");
    const rest = isComplete ? "" : lines.pop();
    if (rest === undefined) return false;
    const [, named] = lines[0]?.match(DIRECTIVE) ?? [];
    if (named) {
      this.#advance(this.#text.slice(0, lines[0].length + 1));
      this.#delimiter = named;
      return true;
    }
    for (const line of lines.slice(this.#looked)) {
      this.#looked++;
      const best = bestOf(line);
      this.#delimiter ||= best.delimiter;
      if (!best.signs) continue;
      this.#delimiter = best.delimiter;
      return true;
    }
    return isComplete;
  }

  /** Reads the complete rows. Returns whether there is more to read behind a row that is too long. */
  #read(rows: Row[], isEnd: boolean) {
    const taken =
      this.#format === "lines" ? this.#readLines(rows, isEnd) : this.#readCsv(rows, isEnd);
    this.#text = this.#text.slice(taken);
    if (this.#text.length <= LONGEST) return false;
    rows.push(this.#dropLongRow());
    return !this.#isOver && !this.#isSkipping;
  }

  #readLines(rows: Row[], isEnd: boolean) {
    let at = 0;
    while (at < this.#text.length) {
      const newline = this.#text.indexOf("\n", at);
      if (newline < 0 && !isEnd) break;
      const end = newline < 0 ? this.#text.length : newline;
      if (end - at > LONGEST) break;
      const json = this.#text.slice(at, end);
      if (json.trim() === "") this.blank++;
      else rows.push({ line: this.#line, lastLine: this.#line, json });
      this.#line++;
      at = end + 1;
    }
    return at;
  }

  #readCsv(rows: Row[], isEnd: boolean) {
    const text = this.#text;
    let at = 0;
    const parser = new Papa.Parser({
      delimiter: this.#delimiter,
      newline: "\n",
      step: ({ data: [cells], errors, meta: { cursor } }: Papa.ParseResult<string[]>) => {
        const end = text[cursor - 1] === "\n" ? cursor - 1 : cursor;
        if (end - at > LONGEST) return parser.abort();
        const line = this.#line;
        const lastLine = line + newlines(text, at, end);
        this.#line = lastLine + 1;
        at = cursor;
        if (errors.length > 0) rows.push({ line, lastLine, reason: "a quote is not closed" });
        else if (this.#isBlank(cells)) this.blank++;
        else rows.push({ line, lastLine, cells });
      },
    });
    parser.parse(text, 0, !isEnd);
    return at;
  }

  /** Returns whether a row has neither letters nor digits, or only psql's count of the rows. */
  #isBlank(cells: string[]) {
    const isCount = this.#delimiter === "|" && /^\(\d+ \S+\)$/.test(cells.join());
    return isCount || !cells.some((cell) => /[\p{L}\p{N}]/u.test(cell));
  }

  /**
   * Drops a row that is too long, with the rest of its line. With an open quote the end of the row
   * is unknown: then the reading ends. Returns a row with the reason.
   */
  #dropLongRow() {
    const line = this.#line;
    if (this.#format === "csv" && this.#isQuoteOpen(this.#text.slice(0, LONGEST + 1))) {
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
   * Returns whether the start of a row ends inside a quoted cell; true in doubt, when its last
   * quote may be half of a pair.
   */
  #isQuoteOpen(start: string) {
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

  /** @param text the part to drop, from the start */
  #advance(text: string) {
    this.#line += newlines(text, 0, text.length);
    this.#text = this.#text.slice(text.length);
  }
}

/** Returns the separator that yields the most signs of users, and then the most cells. */
function bestOf(line: string) {
  const all = DELIMITERS.map((delimiter) => {
    const [cells = []] = Papa.parse<string[]>(line, { delimiter }).data;
    return { delimiter, signs: signsOfUsers(cells), size: cells.length };
  });
  return all.reduce((a, b) => ((b.signs - a.signs || b.size - a.size) > 0 ? b : a));
}

/** Returns whether a line of JSON opens more objects than it closes. */
function opensMore(line: string) {
  const signs = line.replace(/"(?:[^"\\]|\\.)*"/g, "");
  return signs.split(/[{[]/).length > signs.split(/[}\]]/).length;
}

/** Returns the number of line ends in a part of `text`. */
function newlines(text: string, from: number, to: number) {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1))
    count++;
  return count;
}
