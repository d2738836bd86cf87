// The state of each user in a results file, in 33 to 66 bytes a user: a Map of strings would not hold a million users.
import { hash } from "node:crypto";

/** The states of a user. The last record of a user counts. */
export const STATES = /** @type {const} */ ([
  /** Not in the file. */
  "none",
  /** The request may be in flight. */
  "sending",
  /** A token was created and is in the file. */
  "created",
  /** The API refused: there is no token. */
  "failed",
  /** A token may exist that nobody holds. */
  "unknown",
  /** The request was not sent, or failed for a reason that is not the user's, such as a refused key. */
  "not_sent",
  /** The token was revoked, or could not be used any more. */
  "revoked",
  /** Not a user, but a note on a row of the input. */
  "noted",
]);

/** @typedef {typeof STATES[number]} State */

const SEEN = 0x80;

/**
 * A hash table from keys to states and places in the file. It keeps 128 bits of the SHA-256 of each key: no two users have
 * the same ones.
 */
export class States {
  #slots = new Int32Array(2048);
  #keys = new Uint32Array(4096);
  #states = new Uint8Array(1024);
  #places = new Float64Array(1024);
  #size = 0;
  /** @type {number[]} */
  #counts = new Array(STATES.length).fill(0);

  /**
   * Returns the index of a key. Adds the key if it is new.
   *
   * @param {string} key
   */
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

  /** @param {number} index */
  stateOf(index) {
    return STATES[this.#states[index] & ~SEEN];
  }

  /**
   * Returns the place of the user's last record.
   *
   * @param {number} index
   */
  placeOf(index) {
    return this.#places[index];
  }

  /**
   * @param {number} index
   * @param {State} state
   * @param {number} place of the record
   */
  set(index, state, place) {
    const number = STATES.indexOf(state);
    this.#counts[this.#states[index] & ~SEEN]--;
    this.#counts[number]++;
    this.#states[index] = (this.#states[index] & SEEN) | number;
    this.#places[index] = place;
  }

  /**
   * Marks a user as seen in the input, or not. Returns whether that changed.
   *
   * @param {number} index
   */
  see(index, isSeen = true) {
    const before = this.#states[index];
    this.#states[index] = isSeen ? before | SEEN : before & ~SEEN;
    return this.#states[index] !== before;
  }

  /**
   * Returns the number of users in a state.
   *
   * @param {State} state
   */
  count(state) {
    return this.#counts[STATES.indexOf(state)];
  }

  /**
   * Returns the places of the first users in a state, in the order of the file.
   *
   * @param {State} state
   */
  *placesOf(state, most = Infinity) {
    const number = STATES.indexOf(state);
    for (let index = 0, left = most; index < this.#size && left > 0; index++) {
      if ((this.#states[index] & ~SEEN) !== number) continue;
      left--;
      yield this.#places[index];
    }
  }

  #grow() {
    this.#keys = copied(this.#keys, new Uint32Array(this.#keys.length * 2));
    this.#states = copied(this.#states, new Uint8Array(this.#states.length * 2));
    this.#places = copied(this.#places, new Float64Array(this.#places.length * 2));
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let index = 0; index < this.#size; index++) {
      let slot = this.#keys[index * 4] & (this.#slots.length - 1);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = index + 1;
    }
  }
}

/**
 * Copies an array into a larger one. Returns the larger one.
 *
 * @template {Uint8Array | Uint32Array | Float64Array} Numbers
 * @param {Numbers} from
 * @param {Numbers} to
 */
function copied(from, to) {
  to.set(from);
  return to;
}

/**
 * Returns the first 128 bits of the key's SHA-256, as four numbers.
 *
 * @param {string} key
 */
function wordsOf(key) {
  // As a string of bytes: a million Buffers would cost more time than the hashes.
  const bytes = hash("sha256", key, "binary");
  const word = (/** @type {number} */ at) =>
    bytes.charCodeAt(at) +
    bytes.charCodeAt(at + 1) * 2 ** 8 +
    bytes.charCodeAt(at + 2) * 2 ** 16 +
    bytes.charCodeAt(at + 3) * 2 ** 24;
  return [word(0), word(4), word(8), word(12)];
}
