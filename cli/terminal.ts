// Prints to standard error: messages, and below them a line that shows the progress.
import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";

interface Options {
  isQuiet?: boolean;
  /** The used part of a stream. */
  stream?: { isTTY?: boolean; columns?: number; write(text: string): unknown };
  env?: NodeJS.ProcessEnv;
}

export class Terminal {
  #stream;
  #isQuiet;
  #hasColors;
  #line = "";
  /** Whether a line can be redrawn. */
  isInteractive;

  constructor({ isQuiet = false, stream = process.stderr, env = process.env }: Options = {}) {
    this.#stream = stream;
    this.#isQuiet = isQuiet;
    this.isInteractive = Boolean(stream.isTTY) && env.TERM !== "dumb";
    this.#hasColors = this.isInteractive && !env.NO_COLOR;
  }

  /** The characters of a line but one: some terminals start the next line at the last one. */
  get width() {
    return this.isInteractive ? (this.#stream.columns || 80) - 1 : Infinity;
  }

  /** Asks whether to continue. Without a terminal nobody can answer: then it does. */
  async ask(question: string) {
    if (!this.#stream.isTTY || !process.stdin.isTTY) return true;
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await lines.question(`${question} [y/N] `).catch(() => "");
    lines.close();
    return /^y(es)?$/i.test(answer.trim());
  }

  /** Prints information, except with --quiet. */
  note(text: string) {
    if (!this.#isQuiet) this.say(text);
  }

  /** Prints what the user must know. */
  say(text: string, before = "") {
    this.#write(`${this.#erase()}${before}${printable(text)}\n${this.#line}`);
  }

  warn(text: string) {
    this.say(text, this.#paint("yellow", "warning: "));
  }

  /** Prints why the command fails. */
  error(text: string) {
    this.say(text, this.#paint("red", "error: "));
  }

  /** Replaces the line below the messages. Prints it where no line can be redrawn. */
  show(line: string) {
    if (!this.isInteractive) return this.note(line);
    if (this.#isQuiet || line === this.#line) return;
    this.#write(`${this.#erase()}${line}`);
    this.#line = line;
  }

  #write(text: string) {
    try {
      this.#stream.write(text);
    } catch {
      // Deno throws when nobody can read it: the run continues.
    }
  }

  #erase() {
    return this.#line ? "\r\u001B[2K" : "";
  }

  #paint(color: "yellow" | "red", text: string) {
    return this.#hasColors ? styleText(color, text, { validateStream: false }) : text;
  }
}

/** Replaces control characters: text from a list or an answer must not control the terminal. */
function printable(text: string) {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g, " ");
}
