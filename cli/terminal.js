// Everything that the command says to people, on standard error: messages, and below them a line that shows progress.
import { styleText } from "node:util";

export class Terminal {
  #stream;
  #isQuiet;
  #hasColors;
  #line = "";

  constructor({ isQuiet = false, stream = process.stderr, env = process.env } = {}) {
    this.#stream = stream;
    this.#isQuiet = isQuiet;
    this.#hasColors = Boolean(stream.isTTY) && !env.NO_COLOR && env.TERM !== "dumb";
  }

  /** Whether a line can be written over. */
  get isInteractive() {
    return Boolean(this.#stream.isTTY);
  }

  get isQuiet() {
    return this.#isQuiet;
  }

  /** The characters that fit into a line. In the last column, some terminals already begin the next line. */
  get width() {
    return (this.#stream.columns || 80) - 1;
  }

  /** Says what is good to know; not with --quiet. */
  note(text) {
    if (!this.#isQuiet) this.#print(text);
  }

  /** Says what has to be known. */
  say(text) {
    this.#print(text);
  }

  /** Says what somebody has to look at. */
  warn(text) {
    this.#print(text, this.#paint("yellow", "warning: "));
  }

  /** Says why the command fails. */
  error(text) {
    this.#print(text, this.#paint("red", "error: "));
  }

  /** Shows `line` below the messages, in the place of the one before. */
  show(line) {
    if (this.#isQuiet || line === this.#line) return;
    this.#stream.write(`${this.#erase()}${line}`);
    this.#line = line;
  }

  #print(text, before = "") {
    this.#stream.write(`${this.#erase()}${before}${printable(text)}\n${this.#line}`);
  }

  #erase() {
    return this.#line ? "\r\u001B[2K" : "";
  }

  #paint(color, text) {
    return this.#hasColors ? styleText(color, text, { validateStream: false }) : text;
  }
}

/** Text from a list or an answer must not steer the terminal. */
function printable(text) {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g, " ");
}
