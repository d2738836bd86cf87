// What the emulator keeps between requests.
import { Faults } from "./faults.js";
import { Frontend } from "./frontend.js";
import { RateLimit } from "./rate-limit.js";
import { Store } from "./store.js";

/** @typedef {ReturnType<typeof createState>} State */

/**
 * A request as tests read it back.
 *
 * @typedef {object} Seen
 * @property {import("./faults.js").Operation} operation
 * @property {string} url
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {string} [method]
 * @property {string} [body]
 * @property {string} [strategy] of a sign-in
 * @property {string} [testingToken] of a sign-in
 * @property {number} [sent] the bytes of a filled body that went out; see faults.js
 */

/**
 * @param {number} rateLimit requests in 10 seconds, 0 for no limit
 * @param {number} [signInLimit] sign-ins in 10 seconds from one address, 0 for no limit
 */
export function createState(rateLimit, signInLimit) {
  const store = new Store();
  return {
    store,
    faults: new Faults(),
    rateLimit: new RateLimit(rateLimit),
    frontend: new Frontend(store, signInLimit),
    /** @type {Seen[]} */
    requests: [],
  };
}
