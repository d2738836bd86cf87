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

/** An object around the array of users, as most APIs have it. Numbers may come first. Its start. */
const WRAPPER =
  /^\{\s*("\w+"\s*:\s*[\w.-]+\s*,\s*)*"(users|data|items|results|rows|records)"\s*:\s*\[/i;
const WRAPPER_START = /^\{\s*("\w+"\s*:\s*[\w.-]+\s*,\s*)*("\w*("\s*(:\s*[\w.-]*\s*)?)?)?$/;

/**
 * Reads a list piece by piece. A line ends in LF, CRLF or CR; a quoted cell may contain them.
 * Skips rows without text.
 */
export class Rows {
  /** The number of blank lines. */
  blank = 0;
  /** Why this is not a list. */
  refusal?: string;
  /** How CSV with the rows is written again: Excel expects the list's own separator. */
  csv: Format = {};
  /** The line that has not come completely. */
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
  /** The lines of a row whose quote is open, and the number of the first one. */
  #open = { text: "", line: 0 };

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

  end(): Row[] {
    return this.#isOver ? [] : this.#take(true);
  }

  #take(isEnd: boolean) {
    this.#format ??= this.#chooseFormat(isEnd);
    if (!this.#format && this.#text.trimStart().startsWith("<")) return this.#refuse(MARKUP);
    if (!this.#format) return [];
    if (this.#format instanceof Elements) {
      const text = this.#text;
      this.#text = "";
      return this.#format.read(text, isEnd);
    }
    const lines = this.#text.split("\n");
    this.#text = isEnd && lines.at(-1) !== "" ? "" : (lines.pop() ?? "");
    const rows = lines.map((line) => this.#rowOf(line));
    const isLong = this.#open.text.length + this.#text.length > LONGEST;
    if (isLong && !this.#isSkipping && !this.#isOver) {
      rows.push(this.#tooLong(this.#text, this.#line));
      this.#isSkipping = true;
    }
    if (this.#isSkipping) this.#text = "";
    if (isEnd && this.#open.text !== "") rows.push(this.#endOpen("a quote is not closed"));
    return rows.filter((row) => row !== undefined);
  }

  #refuse(reason: string) {
    this.refusal = reason;
    this.#isOver = true;
    return [];
  }

  /** Chooses CSV or JSON by the first line with text. Returns undefined until it is complete. */
  #chooseFormat(isEnd: boolean) {
    const [blank] = this.#text.match(/^\s*\n/) ?? [""];
    this.blank += lineEnds(blank);
    this.#advance(blank);
    const text = this.#text.trimStart();
    const indent = this.#text.length - text.length;
    if (text.startsWith("<")) return undefined;
    if (text.startsWith("[")) return this.#elements(indent + 1, 1);
    const isComplete = isEnd || this.#text.length > LONGEST;
    if (text.startsWith("{")) {
      const [wrapper] = text.match(WRAPPER) ?? [];
      if (wrapper) return this.#elements(indent + wrapper.length, 2);
      if (WRAPPER_START.test(text) && !isComplete) return undefined;
      const [first, ...more] = text.split("\n", 2);
      if (more.length === 0 && !isComplete) return undefined;
      return opensMore(first) ? this.#elements(0, 0) : "lines";
    }
    if (!this.#chooseDelimiter(isComplete)) return undefined;
    const delimiter = this.#delimiter === ";" ? ";" : ",";
    this.csv = { delimiter, quotes: this.#text.trimStart().startsWith('"') };
    return "csv";
  }

  /** @param start of the first element; `around` as for {@link Elements} */
  #elements(start: number, around: number) {
    this.#advance(this.#text.slice(0, start));
    return new Elements(this.#line, around);
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

  /** Returns the row that a line completes, if it does. */
  #rowOf(text: string): Row | undefined {
    const line = this.#line++;
    if (this.#isSkipping || this.#isOver) {
      this.#isSkipping = false;
      return undefined;
    }
    if (this.#open.text.length + text.length > LONGEST) return this.#tooLong(text, line);
    if (this.#format === "csv") return this.#csvRow(text, line);
    if (text.trim() !== "") return { line, lastLine: line, json: text };
    this.blank++;
    return undefined;
  }

  #csvRow(text: string, lastLine: number): Row | undefined {
    const isOpen = this.#open.text !== "";
    const { line } = isOpen ? this.#open : { line: lastLine };
    const row = this.#open.text + text;
    this.#open = { text: `${row}\n`, line };
    // Only a quote can end the cell.
    if (isOpen && !text.includes('"')) return undefined;
    const { cells, codes } = this.#parse(row);
    if (codes.includes("InvalidQuotes")) return this.#endOpen("text follows a closing quote");
    if (codes.length > 0) return undefined;
    this.#open.text = "";
    if (!this.#isBlank(cells)) return { line, lastLine, cells };
    this.blank++;
    return undefined;
  }

  #parse(row: string) {
    const parser = new Papa.Parser({ delimiter: this.#delimiter, newline: "\n" });
    const { data, errors } = parser.parse(row, 0, false) as Papa.ParseResult<string[]>;
    return { cells: data[0] ?? [], codes: errors.map(({ code }) => code) };
  }

  /** Ends the row whose quote is open. Returns it with the reason. */
  #endOpen(reason: string): Row {
    const { line } = this.#open;
    this.#open.text = "";
    return { line, lastLine: this.#line - 1, reason };
  }

  /** Returns whether a row has neither letters nor digits, or only psql's count of the rows. */
  #isBlank(cells: string[]) {
    const isCount = this.#delimiter === "|" && /^\(\d+ \S+\)$/.test(cells.join());
    return isCount || !cells.some((cell) => /[\p{L}\p{N}]/u.test(cell));
  }

  /**
   * Returns a row that is too long, with the reason. With an open quote its end is unknown: then
   * the reading ends. The last quote may be half of a pair.
   *
   * @param text the last line of the row
   */
  #tooLong(text: string, line: number): Row {
    const start = text.slice(0, LONGEST + 1);
    const isOpen = () => start.endsWith('"') || this.#parse(start).codes.length > 0;
    if (this.#format === "lines" || (this.#open.text === "" && !isOpen()))
      return { line, lastLine: line, reason: `longer than ${LONGEST} characters` };
    if (this.#open.text !== "") ({ line } = this.#open);
    this.#open.text = "";
    this.#isOver = true;
    const reason = `a quote is not closed within ${LONGEST} characters, so the rest was not read`;
    return { line, lastLine: line, reason };
  }

  /** @param text the part to drop, from the start */
  #advance(text: string) {
    this.#line += lineEnds(text);
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

const lineEnds = (text: string) => text.split("\n").length - 1;
