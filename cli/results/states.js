// What a results file says of each user, in some 30 bytes a user: a million users fit where a Map of strings would not.
import { hash } from "node:crypto";

/** The states of a user; the last record of a user counts. */
export const STATES = [
  /** Not in the file. */
  "none",
  /** The request may be under way. */
  "sending",
  /** A token was created, and is in the file. */
  "created",
  /** The API refused: there is no token. */
  "failed",
  /** There may be a token that nobody holds. */
  "unknown",
  /** The request was never sent, or did nothing for a reason that has nothing to do with the user. */
  "not_sent",
  /** The token was revoked, or could not be used any more. */
  "revoked",
  /** Not a user: a note on a row of the input. */
  "noted",
];

const SEEN = 0x80;

/**
 * A table from keys to states and places in the file. A key is kept as 128 bits of its SHA-256: two users that share them
 * will not be met.
 */
export class States {
  #slots = new Int32Array(2048);
  #keys = new Uint32Array(4096);
  #states = new Uint8Array(1024);
  #places = new Float64Array(1024);
  #size = 0;
  #counts = new Array(STATES.length).fill(0);

  /** Returns the number under which `key` is kept, from now on if it was not before. */
  indexOf(key) {
    const words = wordsOf(key);
    let slot = words[0] & (this.#slots.length - 1);
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & (this.#slots.length - 1)) {
      const index = this.#slots[slot] - 1;
      if (words.every((word, n) => this.#keys[index * 4 + n] === word)) return index;
    }
    const index = this.#size++;
    this.#slots[slot] = index + 1;
    this.#keys.set(words, index * 4);
    this.#counts[0]++;
    if (this.#size === this.#states.length) this.#grow();
    return index;
  }

  stateOf(index) {
    return STATES[this.#states[index] & ~SEEN];
  }

  /** Where the user's last record is. */
  placeOf(index) {
    return this.#places[index];
  }

  set(index, state, place) {
    const number = STATES.indexOf(state);
    this.#counts[this.#states[index] & ~SEEN]--;
    this.#counts[number]++;
    this.#states[index] = (this.#states[index] & SEEN) | number;
    this.#places[index] = place;
  }

  /** Notes whether the user was met in the input; returns whether that is news. */
  see(index, isSeen = true) {
    const before = this.#states[index];
    this.#states[index] = isSeen ? before | SEEN : before & ~SEEN;
    return this.#states[index] !== before;
  }

  /** How many users are in a state. */
  count(state) {
    return this.#counts[STATES.indexOf(state)];
  }

  /** The places of the first users in a state, `most` of them, in the file's order. */
  *placesOf(state, most = Infinity) {
    const number = STATES.indexOf(state);
    for (let index = 0, left = most; index < this.#size && left > 0; index++) {
      if ((this.#states[index] & ~SEEN) !== number) continue;
      left--;
      yield this.#places[index];
    }
  }

  #grow() {
    const enlarge = (array) => {
      const larger = new array.constructor(array.length * 2);
      larger.set(array);
      return larger;
    };
    this.#keys = enlarge(this.#keys);
    this.#states = enlarge(this.#states);
    this.#places = enlarge(this.#places);
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let index = 0; index < this.#size; index++) {
      let slot = this.#keys[index * 4] & (this.#slots.length - 1);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = index + 1;
    }
  }
}

/** The first 128 bits of the key's SHA-256, as four numbers. */
function wordsOf(key) {
  // A string of bytes: a million Buffers would cost more than the hashes.
  const bytes = hash("sha256", key, "latin1");
  const word = (at) =>
    bytes.charCodeAt(at) +
    bytes.charCodeAt(at + 1) * 2 ** 8 +
    bytes.charCodeAt(at + 2) * 2 ** 16 +
    bytes.charCodeAt(at + 3) * 2 ** 24;
  return [word(0), word(4), word(8), word(12)];
}
