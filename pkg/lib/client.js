// The class that users see: keeps the checked options, and turns each operation into a call.
import { call } from "./call.js";
import { invalidArgument } from "./error.js";
import { check, checkCall, checkClient } from "./options.js";

const CREATE_PARAMS = { userId: ["string"], orgId: ["string", "null"], expiresInSeconds: ["number", "null"] };

/** For this package's other modules: a client's checked options; `undefined` for what is no client. */
export let optionsOf;

export class SignInTokens {
  static {
    optionsOf = (value) => (#options in Object(value) ? value.#use() : undefined);
  }

  // Private, so that no inspection, serialization or clone shows the key.
  #options;

  constructor(options) {
    this.#options = checkClient(options);
  }

  async create(params, callOptions) {
    const client = this.#use();
    return call("create", check("params", params, CREATE_PARAMS), checkCall(callOptions, client));
  }

  async revoke(id, callOptions) {
    const client = this.#use();
    if (typeof id !== "string") throw invalidArgument("id", "a string");
    return call("revoke", { id }, checkCall(callOptions, client));
  }

  delete(id, callOptions) {
    return this.revoke(id, callOptions);
  }

  free() {
    this.#options = undefined;
  }

  #use() {
    if (!this.#options) throw invalidArgument("client", "one that is still in use, but free() was called on it");
    return this.#options;
  }
}

// Where the runtime has explicit resource management: `using tokens = new SignInTokens(…)`.
if (Symbol.dispose) SignInTokens.prototype[Symbol.dispose] = SignInTokens.prototype.free;
