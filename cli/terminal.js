// Prints to standard error: messages, and below them a line that shows the progress.
import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";

/** @typedef {{ isTTY?: boolean, columns?: number, write(text: string): unknown }} Stream the used part of a stream */

export class Terminal {
  #stream;
  #isQuiet;
  #hasColors;
  #isSmart;
  #line = "";

  /**
   * @param {object} [options]
   * @param {boolean} [options.isQuiet]
   * @param {Stream} [options.stream]
   * @param {NodeJS.ProcessEnv} [options.env]
   */
  constructor({ isQuiet = false, stream = process.stderr, env = process.env } = {}) {
    this.#stream = stream;
    this.#isQuiet = isQuiet;
    this.#isSmart = env.TERM !== "dumb";
    this.#hasColors = Boolean(stream.isTTY) && !env.NO_COLOR && this.#isSmart;
  }

  /** Whether a line can be redrawn. */
  get isInteractive() {
    return Boolean(this.#stream.isTTY) && this.#isSmart;
  }

  /**
   * Asks whether to continue. Without a terminal nobody can answer: then it does.
   *
   * @param {string} question
   */
  async ask(question) {
    if (!this.#stream.isTTY || !process.stdin.isTTY) return true;
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await lines.question(`${question} [y/N] `).catch(() => "");
    lines.close();
    return /^y(es)?$/i.test(answer.trim());
  }

  /** The number of characters in a line. Not the last column: some terminals start the next line there. */
  get width() {
    return (this.#stream.columns || 80) - 1;
  }

  /**
   * Prints information, except with --quiet.
   *
   * @param {string} text
   */
  note(text) {
    if (!this.#isQuiet) this.#print(text);
  }

  /**
   * Prints what the user must know.
   *
   * @param {string} text
   */
  say(text) {
    this.#print(text);
  }

  /**
   * Prints a warning.
   *
   * @param {string} text
   */
  warn(text) {
    this.#print(text, this.#paint("yellow", "warning: "));
  }

  /**
   * Prints why the command fails.
   *
   * @param {string} text
   */
  error(text) {
    this.#print(text, this.#paint("red", "error: "));
  }

  /**
   * Replaces the line below the messages.
   *
   * @param {string} line
   */
  show(line) {
    if (this.#isQuiet || line === this.#line) return;
    this.#write(`${this.#erase()}${line}`);
    this.#line = line;
  }

  /** @param {string} text */
  #print(text, before = "") {
    this.#write(`${this.#erase()}${before}${printable(text)}\n${this.#line}`);
  }

  /** @param {string} text */
  #write(text) {
    try {
      this.#stream.write(text);
    } catch {
      // Deno throws when nobody can read it; the run goes on.
    }
  }

  #erase() {
    return this.#line ? "\r\u001B[2K" : "";
  }

  /**
   * @param {"yellow" | "red"} color
   * @param {string} text
   */
  #paint(color, text) {
    return this.#hasColors ? styleText(color, text, { validateStream: false }) : text;
  }
}

/**
 * Replaces control characters: text from a list or an answer must not control the terminal.
 *
 * @param {string} text
 */
function printable(text) {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g, " ");
}
