// Decodes the bytes of a list: UTF-8, UTF-16, or windows-1252 as a last resort. Recognises files
// that are not text.

const SAVE = "open it and save it as CSV UTF-8";

/** How files that are not lists begin, what they are, and what to do. */
const KINDS = [
  ["PK\u0003\u0004", `an Excel workbook or a ZIP archive: ${SAVE}`],
  ["\u00D0\u00CF\u0011\u00E0", `an Excel workbook: ${SAVE}`],
  ["\u001F\u008B", "compressed with gzip: unpack it with gunzip"],
  ["BZh", "compressed with bzip2: unpack it with bunzip2"],
  ["\u00FD7zXZ", "compressed with xz: unpack it with unxz"],
  ["\u0028\u00B5\u002F\u00FD", "compressed with Zstandard: unpack it with unzstd"],
  ["SQLite format 3", "an SQLite database: export the table of users as CSV"],
  ["PAR1", "a Parquet file: export it as CSV"],
  ["%PDF", "a PDF: save the table that it was made from as CSV"],
  ["\u0089PNG", "an image: save the table that it was made from as CSV"],
  ["\u00FF\u00D8\u00FF", "an image: save the table that it was made from as CSV"],
  ["{\\rtf", `a text document: ${SAVE}`],
];

export class Decoder {
  /** Why this is not a list. */
  refusal?: string;
  /** What the user has to know about the text. */
  notice?: string;
  /** The bytes of the start, or of a character, that have not come completely. */
  #rest = new Uint8Array();
  /** Undefined until the start was read. */
  #read?: (bytes: Uint8Array, isEnd: boolean) => string;

  decode(bytes: Uint8Array, isEnd = false) {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    this.#rest = all;
    this.#read ??= this.#choose(all, isEnd);
    if (!this.#read || this.refusal) return "";
    this.#rest = new Uint8Array();
    return this.#read(all, isEnd);
  }

  /** Chooses the encoding. Returns undefined while the start is too short. */
  #choose(bytes: Uint8Array, isEnd: boolean) {
    const start = String.fromCharCode(...bytes.subarray(0, 16));
    this.refusal = KINDS.find(([beginning]) => start.startsWith(beginning))?.[1];
    const isShort = bytes.length < 2 || KINDS.some(([beginning]) => beginning.startsWith(start));
    if (isShort && !isEnd) return undefined;
    if (/^(\u00FF\u00FE|[^\0]\0)/.test(start)) return readerOf("utf-16le");
    if (/^(\u00FE\u00FF|\0[^\0])/.test(start)) return readerOf("utf-16be");
    return this.#utf8;
  }

  #utf8(bytes: Uint8Array, isEnd: boolean): string {
    const end = isEnd ? bytes.length : endOfWhole(bytes);
    try {
      const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      const text = decoder.decode(bytes.subarray(0, end));
      this.#rest = bytes.slice(end);
      return text;
    } catch {
      this.notice = "the list is not UTF-8, so it was read as windows-1252: check the names in it";
      this.#read = readerOf("windows-1252");
      return this.#read(bytes, isEnd);
    }
  }
}

function readerOf(label: string) {
  const decoder = new TextDecoder(label, { fatal: false, ignoreBOM: true });
  return (bytes: Uint8Array, isEnd: boolean) => decoder.decode(bytes, { stream: !isEnd });
}

/** Returns the end of the text, without a last character that may be incomplete. */
function endOfWhole(bytes: Uint8Array) {
  const last = bytes.findLastIndex((byte) => (byte & 0xc0) !== 0x80);
  return bytes[last] >= 0xc0 && bytes.length - last < 4 ? last : bytes.length;
}
